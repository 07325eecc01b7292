"""What doesn't stay: notices, and deliveries that were sent back or never taken into a case.

They go when their rules of retention (NOTISER, SANT_TILLBAKA, EJ_INTAGET) say so. The service
itself may delete nothing. fortur_destroyer may, and the database shows it nothing to delete but
what is over.
"""

import logging

import psycopg
from django.conf import settings

from casework.destruction.destroying import PATIENCE

# What is written beside a delivery about who was let in to it, while it is there to be asked about.
OVER = "SELECT id FROM public.casework_delivery WHERE public.letter_is_over(id)"
BESIDE = (
    f"UPDATE public.audit_verdict SET note = '–' WHERE item_id IN"  # noqa: S608
    f" (SELECT i.id FROM public.audit_reviewitem i JOIN public.audit_reading r"
    f" ON r.id = i.reading_id WHERE r.about_id IN ({OVER}))",
    f"UPDATE public.access_judgement SET note = '–' WHERE grant_id IN"  # noqa: S608
    f" (SELECT id FROM public.access_grant WHERE thing_id IN ({OVER}))",
    f"UPDATE public.access_decision SET reason = '–' WHERE of = 'grant' AND key IN"  # noqa: S608
    f" (SELECT id::text FROM public.access_grant WHERE thing_id IN ({OVER}))",
    f"UPDATE public.access_grant SET reason = '–', about = ''"  # noqa: S608
    f" WHERE thing_id IN ({OVER})",
    "DELETE FROM public.casework_deliveryaccess",
)
log = logging.getLogger(__name__)


def forget_notices() -> int:
    """Delete them in every unit; how many. The newest state of the day is always younger."""
    if not settings.DATABASE_DESTROYER_URL:
        return 0
    with psycopg.connect(settings.DATABASE_DESTROYER_URL, autocommit=True) as destroyer:
        gone = destroyer.execute("DELETE FROM public.casework_notice").rowcount
    log.info("%d notices were old enough to go", gone)
    return gone


def forget_letters() -> int:
    """Delete deliveries in every unit, and what stands beside them about access; how many.

    All or nothing: where somebody takes one in meanwhile, everything waits for the next night.
    """
    if not settings.DATABASE_DESTROYER_URL:
        return 0
    with psycopg.connect(settings.DATABASE_DESTROYER_URL) as destroyer:
        destroyer.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        destroyer.execute(PATIENCE.format("LOCAL ").encode())
        for statement in BESIDE:
            destroyer.execute(statement.encode())
        gone = destroyer.execute("DELETE FROM public.casework_delivery").rowcount
    log.info("%d letters in no case were old enough to go", gone)
    return gone
