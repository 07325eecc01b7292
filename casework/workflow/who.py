"""Who may, where the word *case* is needed; everything else is in access.rules."""

from django.utils.translation import gettext_lazy as _

from access import rules
from access.rules import Word

# The one who set the priority that is in force.
prioritiser = Word(
    _("whoever set the priority"),
    lambda actor, thing: thing is not None and thing.prioritised_by_id == actor.user_id,
)
responsible = Word(_("whoever is responsible for the intervention"), rules.handler.test)
# The handler of the case that an intervention belongs to.
case_handler = Word(
    _("the case's handler"),
    lambda actor, thing: thing is not None and thing.case.handler_id == actor.user_id,
)
case_worker = rules.investigator | rules.social_worker
runs_it = responsible | case_handler | rules.supervisor
# Who keeps the statutory deadlines of a case.
minds_clocks = rules.handler | rules.supervisor | rules.investigation_leader
