from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "momentum.web.webhooks"
    label = "webhooks"
