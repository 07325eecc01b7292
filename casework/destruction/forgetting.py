"""Notices don't stay: they go when their rule of retention (NOTISER) says so.

The service itself may delete nothing. fortur_destroyer may, and the database shows it no notice to
delete but those whose days are over.
"""

import logging

import psycopg
from django.conf import settings

log = logging.getLogger(__name__)


def forget_notices() -> int:
    """Delete them in every unit; how many. The newest state of the day is always younger."""
    if not settings.DATABASE_DESTROYER_URL:
        return 0
    with psycopg.connect(settings.DATABASE_DESTROYER_URL, autocommit=True) as destroyer:
        gone = destroyer.execute("DELETE FROM public.casework_notice").rowcount
    log.info("%d notices were old enough to go", gone)
    return gone
