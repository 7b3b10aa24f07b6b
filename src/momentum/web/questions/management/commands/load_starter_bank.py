from typing import Any

from django.core.management.base import BaseCommand

from momentum.web.questions import actions


class Command(BaseCommand):
    help = "Load the questions that come with Momentum, or bring them up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = actions.load_starter_bank()
        self.stdout.write("The starter bank was loaded." if changed else "The starter bank is up to date.")
