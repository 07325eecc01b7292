"""Procrastinate's commands; its worker refuses to start where the web server would."""

from typing import Any

from procrastinate.contrib.django.management.commands.procrastinate import Command as Procrastinate

from access.checks import refuse_unsafe_database


class Command(Procrastinate):
    """Looks at the database and the role before any job runs."""

    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("command") == "worker":
            refuse_unsafe_database()
        super().handle(*args, **options)
