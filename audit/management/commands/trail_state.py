"""manage.py trail_state: for monitoring; is the trail sealed and verified as it should be?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.integrity import State, whole_state
from audit.refusing import auditor, in_words

SAID = {
    "broken": "The last verification found a fault: {fault}",
    "late": "Lines wait for more than a quarter of an hour: the worker doesn't seal",
    "unverified": "The trail has not been verified for 36 hours: the worker doesn't verify",
}


class Command(BaseCommand):
    """Looks at what the worker has written down; verify_trail looks at the trail itself."""

    help = (
        "Say when the trail was last sealed, kept elsewhere and verified (DATABASE_AUDITOR_URL)."
        " Exits with 1 where a verification found a fault, or the worker doesn't do its work."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        with in_words(), auditor() as reader:
            state = whole_state(reader)
        self.report(state)
        if state.alarm:
            raise CommandError(SAID[state.alarm].format(fault=state.fault))

    def report(self, state: State) -> None:
        when = {
            "Last sealed": state.sealed_at,
            "Last kept elsewhere": state.kept_at,
            "Last verified": state.verified_at,
            "A verification last found a fault": state.broken_at,
        }
        for what, at in when.items():
            self.stdout.write(f"{what}: {at.isoformat(timespec='seconds') if at else 'never'}")
