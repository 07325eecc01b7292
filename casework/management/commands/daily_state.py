"""manage.py daily_state: count today's state now, as the worker does each morning."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework import daily


class Command(BaseCommand):
    """For a morning when the worker didn't run."""

    help = "Put the state of today on everybody's start page, as the worker does at 05.30."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = daily.run()
        except daily.Failed as fault:
            raise CommandError(f"not everybody could be told: {fault} failed") from fault
        self.stdout.write(f"{told} people have something overdue or soon due")
