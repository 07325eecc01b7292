"""The states of a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    FLAGGED = "flagged", _("Flagged")
    PRIORITISED = "prioritised", _("Prioritised")
    IN_PROGRESS = "in_progress", _("In progress")
    COORDINATED = "coordinated", _("Coordinated")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CLOSED = "closed", _("Closed")
    SET_ASIDE = "set_aside", _("Set aside")


S = State
OPEN = (S.FLAGGED, S.PRIORITISED, S.IN_PROGRESS, S.COORDINATED, S.FOLLOW_UP)
EVER = (*OPEN, S.CLOSED, S.SET_ASIDE)
