"""Kept mails have secrets in them (reset links), so their pages are for development and for this machine."""

from django.conf import settings
from django.urls import path

from momentum.web.mail import preference_views, views

KEPT_MAILS = [
    path("dev/mail/", views.kept_mails, name="kept_mails"),
    path("dev/mail/<str:name>", views.kept_mail, name="kept_mail"),
]
urlpatterns = [
    path("operator/mail", views.outbox_page, name="outbox"),
    path("operator/mail/<uuid:mail_id>/again", views.mail_again, name="mail_again"),
    path("mail/preferences/<str:token>", preference_views.preferences, name="mail_preferences"),
    path("mail/unsubscribe/<str:token>/<str:category>", preference_views.unsubscribe, name="mail_unsubscribe"),
    path("metrics", views.mail_metrics, name="mail_metrics"),
    *(KEPT_MAILS if settings.MOMENTUM.mode == "development" else []),
]
