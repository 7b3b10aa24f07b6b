from django.apps import AppConfig


class ApiKeysConfig(AppConfig):
    name = "momentum.web.api_keys"
    label = "api_keys"
