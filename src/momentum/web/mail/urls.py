"""Kept mails have secrets in them (reset links), so their pages are for development and for this machine."""

from django.conf import settings
from django.urls import path

from momentum.web.mail import views

urlpatterns = (
    [
        path("dev/mail/", views.kept_mails, name="kept_mails"),
        path("dev/mail/<str:name>", views.kept_mail, name="kept_mail"),
    ]
    if settings.MOMENTUM.mode == "development"
    else []
)
