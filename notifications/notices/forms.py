"""The form that chooses when mail is sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import Mailing


class MailingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Mailing
        fields = ("choice",)
        widgets = {"choice": forms.RadioSelect({"class": "form-check-input"})}
        labels = {"choice": _("Emails about notices")}
