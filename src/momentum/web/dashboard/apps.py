from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "momentum.web.dashboard"
    label = "dashboard"
