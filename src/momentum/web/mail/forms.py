from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from momentum.web.mail.models import Category, Recipient


class PreferencesForm(forms.ModelForm[Recipient]):
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the sender chooses")), *settings.LANGUAGES]
    )

    class Meta:
        model = Recipient
        fields = (*Category.values, "language")
        labels = {category.value: category.label for category in Category}
