from django.apps import AppConfig


class SiteFrameConfig(AppConfig):
    name = "momentum.web.site"
    label = "site_frame"
