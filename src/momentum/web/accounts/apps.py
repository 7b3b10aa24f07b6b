from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "momentum.web.accounts"
    label = "accounts"
