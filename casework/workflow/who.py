"""Who may, where the word *case* is needed; everything else is in access.rules."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access import rules
from access.actor import Actor, role_words
from access.kinds import Role
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
    lambda actor, thing: thing is not None and thing.case.handler_id in actor.own_and_absent,
)
case_worker = rules.investigator | rules.social_worker
runs_it = responsible | case_handler | rules.supervisor
# Who keeps the statutory deadlines of a case.
minds_clocks = rules.handler | rules.supervisor | rules.investigation_leader


def _decides(actor: Actor, thing: Any) -> bool:
    if thing is None:
        return False
    terms = thing.terms()
    drafted = thing.drafted_by_id == actor.user_id
    return actor.role in terms.deciders and (terms.drafter_may_decide or not drafted)


def _deciders(thing: Any) -> str:
    """The roles that the ground names, and whether whoever drafted it is shut out."""
    terms = thing.terms()
    *most, last = sorted(role_words(role).lower() for role in terms.deciders) or ["–"]
    names = gettext("%(one)s or %(other)s") % {"one": ", ".join(most), "other": last}
    names = names if most else last
    if terms.drafter_may_decide:
        return names
    return gettext("%(who)s, but not whoever wrote the draft") % {"who": names}


# Who decides on a disclosure is a row of the law, or of the authority's order of delegation.
decides = Word(_("whoever the ground lets decide"), _decides, _deciders)


def _may_ground(actor: Actor, thing: Any) -> bool:
    return thing is not None and actor.role in _ground_roles(thing)


def _ground_roles(thing: Any) -> tuple[str, ...]:
    carries = thing.own_ground()
    return carries.decides if carries else (Role.SUPERVISOR,)


# Who decides that this side gives on a ground of its own, beside consent.
decides_to_coordinate = Word(
    _("whoever the ground lets decide"),
    _may_ground,
    lambda thing: ", ".join(sorted(role_words(role).lower() for role in _ground_roles(thing))),
)
# A report of concern or a notice starts an investigation, which an outreach worker can't.
starting_outreach = Word(
    _("an outreach worker where it starts an investigation"),
    lambda actor, thing: (
        actor.role == Role.OUTREACH_WORKER and thing is not None and thing.starts is not None
    ),
)
takes_in = (rules.flagger | rules.supervisor) & ~starting_outreach
