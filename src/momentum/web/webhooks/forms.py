from django import forms
from django.utils.translation import gettext_lazy as _

from momentum.web.webhooks import targets
from momentum.web.webhooks.actions import sends_anywhere
from momentum.web.webhooks.models import EventType


class EndpointForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Where your server takes messages, such as https://example.org/momentum."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"), choices=EventType.choices, widget=forms.CheckboxSelectMultiple
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            targets.checked_url(url, anywhere=sends_anywhere())
        except targets.BadTarget as error:
            raise forms.ValidationError(str(error)) from error
        return url
