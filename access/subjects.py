"""The kinds of fact that something sent can be about."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of fact in plain words. Ages: whole years today, `least` ≤ age < `under`."""

    code: str
    label: Words
    example: Words = ""
    least: int = 0
    under: int = 200
    asked: bool = True  # the guide offers it; the others are made by the service or elsewhere


_ALL = (
    Subject(
        "suspicion_u18",
        _("Reasonable suspicion of a crime, under 18"),
        _("Somebody under 18 is reasonably suspected of possession, say."),
        under=18,
    ),
    Subject(
        "suspicion_u15",
        _("A crime by somebody who was under 15"),
        _("A child may be suspected, or an inquiry has begun."),
        under=18,
    ),
    Subject(
        "drug_test_u15",
        _("A drug test of somebody under 15"),
        _("The result, at once."),
        under=18,
    ),
    Subject(
        "inquiry_protocol",
        _("The protocol of an inquiry, under 15"),
        _("When the inquiry is finished."),
        under=18,
    ),
    Subject(
        "worry",
        _("Worry about a child"),
        _("You have seen or heard that somebody under 18 may be faring badly."),
        under=18,
    ),
    Subject(
        "answer",
        _("An answer to a question from social services"),
        _("They investigate, and have asked what you know."),
        under=18,
    ),
    Subject(
        "young_adult",
        _("Worry about somebody aged 18 to 20"),
        _("No rule for children holds any more, so each time is weighed."),
        least=18,
        under=21,
    ),
    Subject(
        "acute",
        _("Danger here and now, or caught in the act"),
        _("You phoned 112 or the police; here it is written down afterwards."),
    ),
    Subject(
        "future_crime",
        _("A risk that somebody is going to commit a crime"),
        _("The young person is being drawn into selling, and it has not happened yet."),
        under=21,
    ),
    Subject(
        "crime_sale_gross",
        _("A crime that has been committed: sale or a gross offence"),
        _("Narcotics were sold, or were meant for sale."),
    ),
    Subject(
        "crime_transfer_u18",
        _("A crime that has been committed: narcotics given to somebody under 18"),
        _("An older friend gave or sold to a child."),
    ),
    Subject(
        "crime_minor",
        _("A crime that has been committed: own use, possession, a transfer that is no sale"),
        _("Somebody tells that they have smoked cannabis."),
    ),
    Subject(
        "crime_against_child",
        _("A crime against a child"),
        _("Somebody under 18 was hurt, held or sexually abused."),
    ),
    Subject(
        "contact",
        _("Contact data"),
        _("Address, telephone number, employer, user name."),
    ),
    Subject(
        "statement",
        _("The statement to the investigation"),
        _("Only that it was sent and when: the statement itself goes its own way."),
    ),
    Subject(
        "feedback",
        _("Feedback to the reporter"),
        _("Whether an investigation is opened, not opened or already running."),
    ),
    Subject(
        "request",
        _("A question to them"),
        _("You ask for information or a statement."),
    ),
    Subject(
        "coordination",
        _("Information for a coordination"),
        _("What the joint plan needs, as far as the consent goes."),
    ),
    Subject("returned", _("Sent back"), asked=False),
)
SUBJECTS: dict[str, Subject] = {one.code: one for one in _ALL}
