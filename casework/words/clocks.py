"""What each rule's duty is called, by the rule's code: the rows hold the law, the words are here.

Where a new version changes only days and source, no word changes. A code without words here shows
as itself.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from access.models import Kind
from casework.clocks import Measure

BOTH = (Kind.POLICE, Kind.SOCIAL)


@dataclass(frozen=True, slots=True)
class Duty:
    """One rule's duty: `task` in a list's row, `what` as a sentence, `who` does it, on which side.

    `by_hand`: started by a person on the case; the others are started by an investigation's step.
    """

    task: Promise
    what: Promise
    who: Promise
    sides: tuple[str, ...]
    by_hand: bool = False
    time: Promise | None = None  # how long, where the rule's "at once" says less than the law


leader, board = gettext_lazy("the investigation leader"), gettext_lazy("social services")
police, prosecutor = gettext_lazy("the police"), gettext_lazy("the prosecutor")
DUTIES: dict[str, Duty] = {
    "LUL4": Duty(
        pgettext_lazy("deadline", "Finish and decide on prosecution"),
        gettext_lazy("The investigation is to be finished and prosecution decided on"),
        leader, (Kind.POLICE,),
    ),
    "LUL5": Duty(
        pgettext_lazy("deadline", "Notify the guardian"),
        gettext_lazy("The guardian is to be notified of the suspicion and called to the interview"),
        leader, (Kind.POLICE,),
    ),
    "LUL6": Duty(
        pgettext_lazy("deadline", "Notify social services"),
        gettext_lazy("Social services are to be notified of the suspicion"),
        police, (Kind.POLICE,),
    ),
    "LUL11": Duty(
        pgettext_lazy("deadline", "Statement to the police"),
        gettext_lazy("Social services’ statement is to have reached whoever asked for it"),
        board, BOTH, by_hand=True,
    ),
    "LUL18": Duty(
        pgettext_lazy("deadline", "Meeting about the warning"),
        gettext_lazy("The personal meeting about the warning is to be held"),
        prosecutor, (Kind.POLICE,), by_hand=True,
    ),
    "LUL32": Duty(
        pgettext_lazy("deadline", "Finish the inquiry"),
        gettext_lazy("The inquiry under section 31 is to be finished"),
        leader, (Kind.POLICE,),
    ),
    "LUL33": Duty(
        pgettext_lazy("deadline", "Notify the guardian"),
        gettext_lazy("The guardian is to be notified that the young person may be suspected"),
        leader, (Kind.POLICE,),
    ),
    "LUL34": Duty(
        pgettext_lazy("deadline", "Notify social services"),
        gettext_lazy("Social services are to be notified of the inquiry"),
        police, (Kind.POLICE,),
    ),
    "LUL37": Duty(
        pgettext_lazy("deadline", "Send the protocol"),
        gettext_lazy("The inquiry’s protocol is to be sent to social services"),
        leader, (Kind.POLICE,), time=gettext_lazy("as soon as possible"),
    ),
    "SOL20_1": Duty(
        pgettext_lazy("deadline", "Assess protection"),
        gettext_lazy("The need of immediate protection is to be assessed"),
        board, (Kind.SOCIAL,), time=gettext_lazy("the same day, at the latest the next day"),
    ),
    "SOL20_2": Duty(
        pgettext_lazy("deadline", "Decide whether to open"),
        gettext_lazy("It is to be decided whether an investigation is opened"),
        board, (Kind.SOCIAL,),
    ),
    "SOL19_6": Duty(
        pgettext_lazy("deadline", "Tell whoever reported"),
        gettext_lazy("Whoever reported, and asked, is to be told what was decided"),
        board, (Kind.SOCIAL,),
    ),
    "SOL20_3": Duty(
        pgettext_lazy("deadline", "Finish the investigation"),
        gettext_lazy("The social investigation is to be finished"),
        board, (Kind.SOCIAL,),
    ),
    "SOL23_5": Duty(
        pgettext_lazy("deadline", "End the follow-up"),
        gettext_lazy("The follow-up without support is to have ended"),
        board, (Kind.SOCIAL,),
    ),
    "LVU7": Duty(
        pgettext_lazy("deadline", "Submit to the court"),
        gettext_lazy("The decision on immediate custody is to be submitted to the court"),
        board, (Kind.SOCIAL,), by_hand=True,
    ),
    "LVU8": Duty(
        pgettext_lazy("deadline", "Apply for care"),
        gettext_lazy("Care is to have been applied for at the court"),
        board, (Kind.SOCIAL,), by_hand=True,
    ),
}  # fmt: skip


def task_of(code: str) -> str:
    """A few words for a list's row."""
    return str(DUTIES[code].task) if code in DUTIES else code


def duty_of(code: str) -> str:
    """What is to be done, as a sentence without its full stop."""
    return str(DUTIES[code].what) if code in DUTIES else code


def by_hand(authority: str) -> list[str]:
    """The codes of the rules that a person in that kind of authority starts on a case."""
    return [code for code, one in DUTIES.items() if one.by_hand and authority in one.sides]


def time_of(code: str, measure: str, length: int) -> str:
    """How long somebody has by that rule, in words."""
    duty = DUTIES.get(code)
    return str(duty.time) if duty and duty.time else length_in_words(measure, length)


def length_in_words(measure: str, length: int) -> str:
    """How long somebody has, in words."""
    if measure == Measure.DAYS:
        return ngettext("%(count)d day", "%(count)d days", length) % {"count": length}
    if measure == Measure.MONTHS:
        return ngettext("%(count)d month", "%(count)d months", length) % {"count": length}
    if measure == Measure.WORKING_DAYS:
        words = ngettext("%(count)d working day", "%(count)d working days", length)
        return words % {"count": length}
    if measure == Measure.BY_REQUESTER:
        return _("the day that the requester sets")
    return _("at once")
