from django.apps import AppConfig


class PlayConfig(AppConfig):
    name = "momentum.web.play"
    label = "play"
