"""The contest form. Its defaults are the model's, which are the dashboard's."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from momentum.game.settings import MAX_PLAYERS, MAX_QUESTIONS, TIMER_S
from momentum.web.contests import dates, titles
from momentum.web.contests.actions import ContestSettings
from momentum.web.contests.models import MAX_FREEZE_MIN, MAX_RUNS, TOTAL_TIME_S, Contest
from momentum.web.questions.models import Category

BY_HOST = "host"
USUAL_INTERMISSIONS_S = (3, 4, 6, 8, 10, 15, 20, 30)
BASIC = ("name", "contest_type", "difficulty", "categories", "question_count")
ADVANCED = (
    "pace", "question_timer_s", "intermission", "max_players", "host_plays", "reveal", "late_join", "access",
    "planned_at",
)  # fmt: skip
ALONE = (
    "opens_at", "closes_at", "timing", "total_time_min", "results_shown", "scoreboard", "freeze_min", "entry",
    "allowed_people", "max_runs",
)  # fmt: skip
INSTANTS = ("planned_at", "opens_at", "closes_at")
DATE_AND_TIME = "%Y-%m-%dT%H:%M"


class InstantField(forms.DateTimeField):
    """A date and time without a zone; the form reads it in the zone of the browser."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            input_formats=[DATE_AND_TIME, "%Y-%m-%dT%H:%M:%S"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=DATE_AND_TIME),
            **kwargs,
        )


class ContestForm(forms.ModelForm[Contest]):
    categories = forms.ModelMultipleChoiceField(
        label=_("Categories"),
        queryset=Category.objects.order_by("name"),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: questions come from all."),
    )
    question_count = forms.IntegerField(label=_("Questions"), min_value=1, max_value=MAX_QUESTIONS)
    question_timer_s = forms.IntegerField(label=_("Seconds per question"), min_value=TIMER_S[0], max_value=TIMER_S[1])
    intermission = forms.ChoiceField(label=_("Next question"))
    max_players = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MAX_PLAYERS)
    planned_at = InstantField(label=_("Planned for"), help_text=_("A note for you. The game starts when you start it."))
    opens_at = InstantField(label=_("Opens"), help_text=_("Left empty: as soon as you save."))
    closes_at = InstantField(
        label=_("Closes"),
        help_text=_("Who is in the middle of it is stopped then. Without it the contest stays a draft."),
    )
    total_time_min = forms.IntegerField(
        label=_("Minutes for the whole contest"), min_value=TOTAL_TIME_S[0] // 60, max_value=TOTAL_TIME_S[1] // 60
    )
    freeze_min = forms.IntegerField(
        label=_("Minutes before the end at which it freezes"), min_value=1, max_value=MAX_FREEZE_MIN
    )
    max_runs = forms.IntegerField(
        label=_("Runs per player"),
        required=False,
        min_value=1,
        max_value=MAX_RUNS,
        help_text=_("Left empty: as many as one likes. The best one counts."),
    )
    allowed_people = forms.CharField(
        label=_("The list"),
        required=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("E-mail addresses or names of accounts, one a line. Only you see them."),
    )
    time_zone = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = Contest
        fields = (
            "name", "contest_type", "difficulty", "question_count", "pace", "question_timer_s", "max_players",
            "host_plays", "reveal", "late_join", "access", "timing", "results_shown", "scoreboard", "freeze_min",
            "entry", "max_runs",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        intermission = self._seconds_or_host(self.instance.intermission_s)
        self.fields["intermission"] = forms.ChoiceField(
            label=_("Next question"), choices=self._intermissions(intermission), initial=intermission
        )
        for name in INSTANTS:
            self.fields[name].initial = getattr(self.instance, name)
        self.fields["total_time_min"].initial = self.instance.total_time_s // 60
        self.fields["time_zone"].initial = "UTC"
        if not self.instance._state.adding:
            listed = self.instance.allowed_people.order_by("who").values_list("who", flat=True)
            self.fields["allowed_people"].initial = "\n".join(listed)
            self.fields["categories"].initial = list(self.instance.categories.values_list("slug", flat=True))

    @property
    def basic(self) -> list[forms.BoundField]:
        return [self[name] for name in BASIC]

    @property
    def alone(self) -> list[forms.BoundField]:
        """What counts for contests that everybody plays alone."""
        return [self[name] for name in ALONE]

    @property
    def advanced(self) -> list[forms.BoundField]:
        return [self[name] for name in ADVANCED]

    def clean_name(self) -> str:
        try:
            return titles.clean(self.cleaned_data["name"])
        except titles.TitleRefused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def clean_time_zone(self) -> str:
        """An unknown zone counts as UTC, which the page shows then."""
        name: str = self.cleaned_data["time_zone"]
        return name if name in available_timezones() else "UTC"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        zone = ZoneInfo(cleaned.get("time_zone") or "UTC")
        for name in INSTANTS:
            if (typed := cleaned.get(name)) and not dates.is_usable(typed):
                self.add_error(name, dates.UNUSABLE % {"first": dates.FIRST_YEAR, "last": dates.LAST_YEAR})
            elif typed:
                instant = timezone.make_naive(typed, ZoneInfo("UTC")).replace(tzinfo=zone)
                cleaned[name] = self._to_the_second(name, instant)
        return cleaned

    def settings(self) -> ContestSettings:
        """What the valid form says."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        intermission = self.cleaned_data["intermission"]
        return ContestSettings(
            **values,
            categories=tuple(category.slug for category in self.cleaned_data["categories"]),
            intermission_s=None if intermission == BY_HOST else int(intermission),
            total_time_s=60 * self.cleaned_data["total_time_min"],
            allowed_people=tuple(line for line in self.cleaned_data["allowed_people"].splitlines() if line.strip()),
            **{name: self.cleaned_data[name] for name in INSTANTS},
        )

    def _to_the_second(self, name: str, instant: datetime) -> datetime:
        """What was not changed keeps the seconds that the page does not show."""
        known: datetime | None = getattr(self.instance, name)
        return known if known and known.replace(second=0, microsecond=0) == instant else instant

    @staticmethod
    def _seconds_or_host(intermission_s: int | None) -> str:
        return BY_HOST if intermission_s is None else str(intermission_s)

    @staticmethod
    def _intermissions(current: str) -> list[tuple[str, Any]]:
        """The usual choices, and the present one where the API set another."""
        seconds = {*USUAL_INTERMISSIONS_S, *([int(current)] if current != BY_HOST else [])}
        choices = [(str(s), ngettext("%(s)d second", "%(s)d seconds", s) % {"s": s}) for s in sorted(seconds)]
        return [*choices, (BY_HOST, _("When I say so"))]
