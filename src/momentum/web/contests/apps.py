from django.apps import AppConfig


class ContestsConfig(AppConfig):
    name = "momentum.web.contests"
    label = "contests"
