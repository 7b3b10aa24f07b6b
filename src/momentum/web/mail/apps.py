from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "momentum.web.mail"
    label = "mail"

    def ready(self) -> None:
        from momentum.web.mail import catalogues

        catalogues.install()
