"""The contest form. Its defaults are the model's, which are the dashboard's."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from momentum.game.settings import MAX_PLAYERS, MAX_QUESTIONS, TIMER_S
from momentum.web.contests import titles
from momentum.web.contests.actions import ContestSettings
from momentum.web.contests.models import Contest
from momentum.web.questions.models import Category

BY_HOST = "host"
USUAL_INTERMISSIONS_S = (3, 4, 6, 8, 10, 15, 20, 30)
BASIC = ("name", "contest_type", "difficulty", "categories", "question_count")
ADVANCED = (
    "pace", "question_timer_s", "intermission", "max_players", "host_plays", "reveal", "late_join", "access",
    "planned_at",
)  # fmt: skip
DATE_AND_TIME = "%Y-%m-%dT%H:%M"


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
    planned_at = forms.DateTimeField(
        label=_("Planned for"),
        required=False,
        input_formats=[DATE_AND_TIME, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=DATE_AND_TIME),
        help_text=_("A note for you. The game starts when you start it."),
    )
    time_zone = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = Contest
        fields = (
            "name", "contest_type", "difficulty", "question_count", "pace", "question_timer_s", "max_players",
            "host_plays", "reveal", "late_join", "access",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        intermission = self._seconds_or_host(self.instance.intermission_s)
        self.fields["intermission"] = forms.ChoiceField(
            label=_("Next question"), choices=self._intermissions(intermission), initial=intermission
        )
        self.fields["planned_at"].initial = self.instance.planned_at
        self.fields["time_zone"].initial = "UTC"
        if not self.instance._state.adding:
            self.fields["categories"].initial = list(self.instance.categories.values_list("slug", flat=True))

    @property
    def basic(self) -> list[forms.BoundField]:
        return [self[name] for name in BASIC]

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
        if planned := cleaned.get("planned_at"):
            zone = ZoneInfo(cleaned.get("time_zone") or "UTC")
            cleaned["planned_at"] = timezone.make_naive(planned, ZoneInfo("UTC")).replace(tzinfo=zone)
        return cleaned

    def settings(self) -> ContestSettings:
        """What the valid form says."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        intermission = self.cleaned_data["intermission"]
        return ContestSettings(
            **values,
            categories=tuple(category.slug for category in self.cleaned_data["categories"]),
            intermission_s=None if intermission == BY_HOST else int(intermission),
            planned_at=self.cleaned_data["planned_at"],
        )

    @staticmethod
    def _seconds_or_host(intermission_s: int | None) -> str:
        return BY_HOST if intermission_s is None else str(intermission_s)

    @staticmethod
    def _intermissions(current: str) -> list[tuple[str, Any]]:
        """The usual choices, and the present one where the API set another."""
        seconds = {*USUAL_INTERMISSIONS_S, *([int(current)] if current != BY_HOST else [])}
        choices = [(str(s), ngettext("%(s)d second", "%(s)d seconds", s) % {"s": s}) for s in sorted(seconds)]
        return [*choices, (BY_HOST, _("When I say so"))]
