from django.apps import AppConfig


class OwnDataConfig(AppConfig):
    name = "momentum.web.own_data"
    label = "own_data"
