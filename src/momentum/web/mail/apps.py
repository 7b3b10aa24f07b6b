from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "momentum.web.mail"
    label = "mail"
