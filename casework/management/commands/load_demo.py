"""Puts the invented town into an empty database: people, places and half a year of cases."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from access.models import User
from casework import daily
from casework.demo import cast, town
from casework.destruction import destroying


class Command(BaseCommand):
    """Runs as fortur_demo, the only role whose past the trail believes."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("FORTUR_DEMO is not set: invented people are for the demo only")
        if User.objects.exists():
            if not town.is_empty():
                raise CommandError("There are cases here already. RESET=1 makes the demo anew")
        else:
            cast.build()
        with tqdm(total=town.DAYS, desc="  Its last half-year", unit=" days", **BAR) as bar:
            done = town.play(lambda days_left: show(bar, days_left))
            bar.update(town.DAYS - bar.n)
        daily.run()  # what the worker writes each morning
        lists = destroying.run_waiting()
        self.stdout.write(f"  {done} cases, told step by step; {lists} lists of them destroyed")


BAR: dict[str, Any] = {
    "bar_format": "{desc} |{bar:30}| {percentage:3.0f} %  {elapsed}",
    "leave": True,
}


def show(bar: "tqdm[None]", days_left: float) -> None:
    """Days gone by so far; never backwards."""
    bar.update(max(0, round(town.DAYS - days_left) - bar.n))
