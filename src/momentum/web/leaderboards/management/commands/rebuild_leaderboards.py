from typing import Any

from django.core.management import BaseCommand

from momentum.web.leaderboards.projection import rebuild_totals
from momentum.web.leaderboards.ratings import rebuild_ratings


class Command(BaseCommand):
    help = "Compute all totals and ratings anew from the results."

    def handle(self, *args: Any, **options: Any) -> None:
        rebuild_totals()
        self.stdout.write(f"{rebuild_ratings()} games rated")
