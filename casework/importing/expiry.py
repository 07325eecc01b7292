"""Files of flags don't stay: their content goes when their rule of retention says so."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from access.log_review import working_units
from access.service import at_work_in
from casework.importing.imports import UNDER_WAY
from casework.models import FlagFile
from casework.models.retention import rules_on
from casework.workflow import moment

CODE = "IMPORTFILER"
NAMELESS = "–"  # a file's name can tell whom it is about


def over(unit_id: int) -> QuerySet[FlagFile]:
    """Files of the unit whose content is past its days: previews that nobody confirmed, and the
    rows that an import didn't take."""
    kept = timedelta(days=rules_on(moment.today())[CODE].length)
    files = FlagFile.objects.filter(unit_id=unit_id).exclude(status__in=UNDER_WAY)
    held = files.filter(Q(content__isnull=False) | Q(rejected__isnull=False))
    return held.alias(made=Coalesce("finished_at", "uploaded_at")).filter(
        made__lt=moment.now() - kept
    )


def forget_old() -> int:
    """Empty what is over in every unit; how many files. What was counted of them stays."""
    emptied = 0
    for unit in working_units():
        with transaction.atomic(), at_work_in(unit):
            emptied += over(unit.pk).update(content=None, rejected=None, name=NAMELESS)
    return emptied
