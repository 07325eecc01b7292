"""Flagging a young person: search first, then one form; asks back where somebody may be known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access import guards, rules
from access.actor import Actor
from access.request import Request
from access.visible import visible_to
from audit import trail
from audit.models import Reading
from casework import flags
from casework.forms.flag import FlagForm
from casework.identity import BadNumber, tidy
from casework.models import Case, Person
from casework.search import TooShort, log_search, sought
from casework.views import parts
from casework.workflow.steps import Closed

FOUND = 20
NEW = "new"  # the answer "none of these"


@dataclass(frozen=True, slots=True)
class Known:
    """A person in the unit's files, with the cases that the actor may see, newest first."""

    person: Person
    cases: list[Case]

    @property
    def open_case(self) -> Case | None:
        return next((case for case in self.cases if case.is_open), None)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.flagger)
def flag(request: Request) -> HttpResponse:
    """Search, flag, and where needed confirm who is meant."""
    actor = parts.acting(request)
    asked = request.GET if request.method != "POST" else request.POST
    if "q" in asked and "place" not in asked:
        return search(request, actor, tidy(asked["q"])[:100])
    if request.method == "POST":
        return save(request, actor)
    person = chosen_person(actor, request.GET.get("person", ""))
    if person:
        log_shown("flag", known(actor, [person]))
    return page(request, FlagForm(person=person))


def page(request: Request, form: FlagForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "casework/flag.html", {"form": form, **more}, status=status)


# --- searching ----------------------------------------------------------------------------------


def search(request: Request, actor: Actor, text: str) -> HttpResponse:
    """People in the own unit's cases. The line in the trail says how and who was shown."""
    if not text:
        return page(request, FlagForm())
    try:
        by, persons = look_up(actor, text)
    except (BadNumber, TooShort) as fault:
        return page(request, FlagForm(), status=422, q=text, search_fault=fault.args[0])
    found = known(actor, persons[:FOUND])
    log_shown(by, found)
    form = FlagForm(initial=carried_over(by, text))
    return page(request, form, searched=True, q=text, found=found)


def carried_over(by: str, text: str) -> dict[str, Any]:
    """What was looked for, in the form's fields: nobody types a number twice."""
    if by == "number":
        return {"personal_number": text}
    words = text.split()
    days = [word for word in words if born_on(word)]
    names = [word for word in words if word not in days]
    if by == "reference" or len(names) < 2:
        return {}
    born = born_on(days[0]) if days else None
    return {"given_name": names[0], "family_name": " ".join(names[1:]), "birth_date": born}


def log_shown(by: str, found: list[Known]) -> None:
    log_search(by, [case for one in found for case in one.cases])


def look_up(actor: Actor, text: str) -> tuple[str, QuerySet[Person]]:
    """How the text was understood, and whom it finds. Raises BadNumber or TooShort, with words."""
    dates = [(word, born) for word in text.split() if (born := born_on(word))]
    if dates:
        word, born = dates[0]
        named = flags.search(actor, text.replace(word, " "))
        return "name and birth date", named.filter(birth_date=born)
    asked = sought(text, actor)
    cases = visible_to(Case.objects.filter(asked.cases), actor)
    mine = visible_to(Person.objects.all(), actor).filter(pk__in=cases.values("person_id"))
    return asked.by, mine.order_by("family_key", "given_key", "id")


def born_on(word: str) -> date | None:
    try:
        return date.fromisoformat(word) if len(word) == 10 else None
    except ValueError:
        return None


def known(actor: Actor, persons: Iterable[Person]) -> list[Known]:
    """The persons of whom the actor sees a case, with those cases."""
    rows = list(persons)
    cases = visible_to(Case.objects.filter(person__in=rows), actor).order_by("-opened_at")
    by_person: dict[UUID, list[Case]] = {}
    for case in cases:
        by_person.setdefault(case.person_id, []).append(case)
    return [Known(row, by_person[row.pk]) for row in rows if row.pk in by_person]


# --- saving -------------------------------------------------------------------------------------


def save(request: Request, actor: Actor) -> HttpResponse:
    """Save the flag, or ask back first: is it this person, is it this open case?"""
    answer = request.POST.get("person", "")
    person = chosen_person(actor, answer)
    form = FlagForm(request.POST, person=person)
    if not form.is_valid():
        return page(request, form, status=422)
    youth = form.youth()
    if youth.number:  # a number is never two people, whoever was chosen
        owner = flags.same_person(actor, youth)
        if person and person.has_number and owner != person:
            form.add_error("personal_number", _("The person you chose has another number."))
            return page(request, form, status=422)
        person = owner or person
    elif not person and answer != NEW:
        person = flags.same_person(actor, youth)
    if not person and answer != NEW and (question := ask_who(request, actor, form)):
        return question
    confirmed = request.POST.get("confirmed") == "yes"
    if person and not confirmed and (question := ask_case(request, actor, form, person)):
        return question
    return keep(request, actor, form, person, new=answer == NEW and person is None)


def chosen_person(actor: Actor, answer: str) -> Person | None:
    """The row that was chosen: of the own unit, with a case that the actor sees; else 404."""
    if answer in ("", NEW):
        return None
    person = guards.found(Person.objects.all(), actor, pk=as_uuid(answer))
    return person if known(actor, [person]) else None


def as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def ask_who(request: Request, actor: Actor, form: FlagForm) -> HttpResponse | None:
    """People of the same name and birth date, when none of them is certain to be meant."""
    mine = visible_to(Person.objects.all(), actor)
    possible = known(actor, flags.namesakes(mine, form.youth())[:FOUND])
    if not possible:
        return None
    log_shown("flag", possible)
    context = {"possible": possible, "hidden": form.typed()}
    return render(request, "casework/flag_who.html", context)


def ask_case(request: Request, actor: Actor, form: FlagForm, person: Person) -> HttpResponse | None:
    """There is an open case about her: the flag becomes an observation on it."""
    found = known(actor, [person])
    current = found[0].open_case if found else None
    if not current:
        return None
    trail.reading(
        Reading.Kind.SEARCHED,
        about_id=current.pk,
        about=current.reference,
        detail={"by": "flag", "found": [case.reference for case in found[0].cases]},
    )
    typed = form.typed()
    context = {
        "known": found[0],
        "case": current,
        "hidden": [*typed, ("person", str(person.pk)), ("confirmed", "yes")],
        "other": [] if form.number or form.person else [*typed, ("person", NEW)],
    }
    return render(request, "casework/flag_confirm.html", context)


def settled(actor: Actor, youth: flags.Youth, person: Person | None, *, new: bool) -> Person | None:
    """The person's row as it is to be: a new one, or the chosen one with the number now known."""
    try:
        if new:
            with transaction.atomic():
                return flags.new_person(actor, youth)
        if person and youth.number and not person.has_number:
            with transaction.atomic():
                person.set_number(youth.number.twelve, actor.authority_id)
                person.save()
    except IntegrityError:  # somebody saved a row with that number in the same moment
        return flags.same_person(actor, youth)
    return person


def keep(
    request: Request, actor: Actor, form: FlagForm, person: Person | None, new: bool
) -> HttpResponse:
    youth = form.youth()
    try:
        flagged = flags.flag(actor, youth, form.seen(), settled(actor, youth, person, new=new))
    except flags.AlreadyThere as there:
        if there.case is None:
            raise
        messages.info(request, str(there.words))
        return redirect("case", there.case.pk)
    except Closed as fault:
        form.add_error(None, str(fault.words))
        return page(request, form, status=422)
    said = {"reference": flagged.case.reference}
    if flagged.new:
        messages.success(request, _("%(reference)s: the case is opened") % said)
    else:
        messages.success(request, _("%(reference)s: the observation is added") % said)
    return redirect("case", flagged.case.pk)
