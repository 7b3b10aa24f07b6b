from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "momentum.web.results"
    label = "results"
