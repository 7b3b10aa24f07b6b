from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from momentum.web.mail.models import Category, Recipient


class PreferencesForm(forms.ModelForm[Recipient]):
    class Meta:
        model = Recipient
        fields = (*Category.values, "language")
        labels = {category.value: category.label for category in Category}
        widgets = {
            "language": forms.Select(choices=[("", _("As the sender thinks fit")), *settings.LANGUAGES]),
        }
