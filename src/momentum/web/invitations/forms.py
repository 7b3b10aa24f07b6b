from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from momentum.web.invitations import addresses
from momentum.web.invitations.addresses import Entry
from momentum.web.invitations.models import LONGEST_MESSAGE

LONGEST_TEXT = 200_000


class PeopleForm(forms.Form):
    """Addresses, pasted or in a file."""

    people = forms.CharField(
        label=_("E-mail addresses"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(
            attrs={
                "rows": 6,
                "spellcheck": "false",
                "autocapitalize": "off",
                "placeholder": "ada@example.org\nGrace Hopper <grace@example.org>",
            }
        ),
        help_text=_(
            "Paste them as you have them: one a line, separated by commas, "
            "or with names, as in Grace &lt;grace@example.org&gt;."
        ),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("A list or a table as text or CSV, as spreadsheets save it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/plain,text/csv"}),
    )

    def clean_file(self) -> str:
        """Its text."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size is None or file.size > LONGEST_TEXT:
            raise forms.ValidationError(_("The file is too large: send the addresses in several parts."))
        return addresses.decode(file.read())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.entries():
            raise forms.ValidationError(_("Paste at least one address, or choose a file that has some."))
        return cleaned

    def entries(self) -> list[Entry]:
        """Everybody who stands in the text and in the file."""
        return [*addresses.read(self.cleaned_data["people"]), *addresses.read(self.cleaned_data["file"])]


class SendForm(forms.Form):
    """The last step before invitations go out. `people` is what the review showed."""

    people = forms.CharField(widget=forms.HiddenInput, max_length=2 * LONGEST_TEXT)
    message = forms.CharField(
        label=_("A personal message"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stands in the mail and on the page of the invitation. Up to %(most)d characters.")
        % {"most": LONGEST_MESSAGE},
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"),
        choices=settings.LANGUAGES,
        initial=settings.LANGUAGE_CODE,
        help_text=_("Whoever has chosen a language for their mails gets that one."),
    )
    time_zone = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64, initial="UTC")

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        return name if name in available_timezones() else "UTC"
