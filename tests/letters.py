"""Disclosures and deliveries for tests: drafted, sent, arrived. Everything goes through the engine.

letters.disclosure(case, by=actor("utredare"))          a draft: a report of concern
letters.sent(case, by=actor("utredare"))
letters.arrived(actor("utredare"), actor("socialsekreterare"))      as it lies in the inbox
"""

from datetime import timedelta
from typing import Any

from access import secrecy
from access.actor import Actor
from access.models import Unit
from access.questions import Question
from casework.models import Case, Delivery, Disclosure
from casework.workflow import moment
from casework.workflow.disclosure import digest
from casework.workflow.steps import NotNow as NotNow
from casework.workflow.steps import begin, perform
from tests.make import acting, case, in_progress


def disclosure(of: Case, by: Actor, to: str = "", code: str = "", **what: Any) -> Disclosure:
    """A draft: a report of concern from the police, a risk of a future crime from social services.

    `to` is a unit's name (else the counterpart), `code` the ground's (else the first that carries).
    """
    police = by.authority == "police"
    what.setdefault("subject", "worry" if police else "future_crime")
    what.setdefault("initiative", "own")
    what.setdefault("fields", ["name", "birth_date", "personal_number", "case_reference"])
    what.setdefault("informed", "yes")
    units = Unit.objects.select_related("authority")
    own = units.get(pk=by.unit_id)
    with acting(by):
        to_unit = units.get(name=to) if to else units.get(pk=own.counterpart_id or 0)
        offers = secrecy.offered(
            own.authority.kind, to_unit.authority.kind, what["subject"], what["initiative"],
            moment.today(), own.authority_id,
        )  # fmt: skip
        offer = next(one for one in offers if code in ("", one.code))
        young = of.person.birth_date + timedelta(days=14 * 365)  # whoever it is about was 14
        given = {one.code: answer_to(one) for one in offer.questions}
        given |= {"deed_on": young.isoformat()} if "deed_on" in given else {}
        what.setdefault("answers", given)
        return begin(
            Disclosure, "draft", by, part_of={"case": of, "unit": own}, to_unit=to_unit,
            ground=offer.ground, **what,
        )  # fmt: skip


def answer_to(question: Question) -> str:
    """An answer that the ground can hold by."""
    if question.kind in ("must_be_yes", "choice"):
        held = [code for code, _ in question.choices if code not in question.fails]
        return held[0] if held else "yes"
    if question.kind in ("date", "moment"):
        return moment.today().isoformat()
    return "Som det var."


def sent(of: Case, by: Actor, sender: Actor | None = None, **what: Any) -> Disclosure:
    """A disclosure that `sender` (or `by`) has sent."""
    decider = sender or by
    draft = disclosure(of, by, **what)
    with acting(decider):
        shown = digest(Disclosure.objects.get(pk=draft.pk).compose())
        return perform(draft, "send", decider, shown=shown)


def arrived(from_: Actor, to: Actor, **what: Any) -> Delivery:
    """What `from_` sent, as it lies in the inbox of `to`: a case of its own over there."""
    made = sent(case(from_) if from_.authority == "police" else in_progress(from_), from_, **what)
    with acting(to):
        return Delivery.objects.get(disclosure_id=made.pk)
