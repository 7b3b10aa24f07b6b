from django.apps import AppConfig


class AttemptsConfig(AppConfig):
    name = "momentum.web.attempts"
    label = "attempts"
