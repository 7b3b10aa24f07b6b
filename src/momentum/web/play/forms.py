from django import forms
from django.utils.translation import gettext_lazy as _

from momentum.game import names
from momentum.web import shown_names


class JoinByPinForm(forms.Form):
    """Sent by GET, so that it works from a cached page."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "123 456"}),
    )


class NameForm(forms.Form):
    """What a guest wants to be called. Length is counted in graphemes, so the page's own limit is only a rough one."""

    name = forms.CharField(
        label=_("Your name in the game"),
        max_length=names.MAX_BYTES,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "autocapitalize": "words", "spellcheck": "false"}),
        help_text=_("Up to %(most)d characters. Everybody in the game sees it.") % {"most": names.MAX_GRAPHEMES},
        strip=True,
    )

    def clean_name(self) -> str:
        try:
            return shown_names.clean(self.cleaned_data["name"])
        except names.NameRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
