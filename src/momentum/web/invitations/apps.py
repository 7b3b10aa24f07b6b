from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    name = "momentum.web.invitations"
    label = "invitations"
