from django.apps import AppConfig


class LeaderboardsConfig(AppConfig):
    name = "momentum.web.leaderboards"
    label = "leaderboards"
