"""Sessions in the database, read by a question whose SQL is made once."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from access.compiled import Compiled

HELD = Compiled[Session](
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now),
    key=str,
    now=datetime,
)


class SessionStore(db.SessionStore):
    """Django's, but for how it reads."""

    def load(self) -> dict[str, Any]:
        for held in HELD(key=self.session_key, now=timezone.now()):
            found: dict[str, Any] = self.decode(held.session_data)
            return found
        self._session_key = None
        return {}
