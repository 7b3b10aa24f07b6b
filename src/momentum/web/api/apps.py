from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "momentum.web.api"
    label = "api"
