"""What a ground asks before somebody decides: each question once, by its code."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.offences import ATTEMPTS, OFFENCES

Words = str | Promise
# must_be_yes: the ground falls without it. choice: may hold values that the ground falls by.
Kind = Literal["must_be_yes", "text", "short", "choice", "date", "moment"]
LONGEST = 2000
LONGEST_SHORT = 120


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `fails`: with these choices the ground doesn't hold, `why_not` says it."""

    code: str
    label: Words
    kind: Kind
    help: Words = ""
    choices: tuple[tuple[str, Words], ...] = ()
    fails: tuple[str, ...] = ()
    why_not: Words = ""
    ahead: bool = False  # a date that may be still to come
    only_for_review: bool = False  # asked only where the way is behind a legal review

    def in_words(self, given: str) -> Words:
        """A kept answer as people read it."""
        yes = _("Yes") if self.kind == "must_be_yes" and given else given
        return dict(self.choices).get(given, yes)


NO_NAMES = _("Only what is needed. No names of others.")
_ALL = (
    # --- duties of the police ---
    Question(
        "mediation",
        _("Has mediation been offered?"),
        "choice",
        choices=(("yes", _("Yes")), ("no", _("No")), ("later", _("It is decided later"))),
    ),
    Question(
        "inquiry",
        _("What is the notice about?"),
        "choice",
        choices=(
            ("suspicion", _("Somebody under 15 may be suspected")),
            ("started", _("An inquiry has begun")),
        ),
    ),
    Question(
        "deed_on",
        _("On what day was the deed?"),
        "date",
        help=_("The young person must have been under 15 then."),
    ),
    Question(
        "prosecutor_decided",
        _("A prosecutor decided on the test"),
        "must_be_yes",
        why_not=_("Under 15 only a prosecutor decides on a drug test."),
    ),
    Question(
        "test_result",
        _("What did the test show?"),
        "choice",
        choices=(
            ("positive", _("Traces of narcotics")),
            ("negative", _("No traces")),
            ("waiting", _("The laboratory has not answered yet")),
        ),
    ),
    Question("protocol_on", _("When was the protocol finished?"), "date"),
    Question(
        "child_assessment",
        _("Why are you worried about this child?"),
        "text",
        help=_("Your assessment of this child and this situation. Never sent as a routine."),
    ),
    Question(
        "investigation_opened",
        _("Social services have confirmed that an investigation is opened"),
        "must_be_yes",
        help=_("A preliminary assessment is not enough."),
        why_not=_("The duty to answer begins when an investigation is opened."),
    ),
    Question(
        "harm_to_investigation",
        _("Would it harm a preliminary investigation?"),
        "choice",
        choices=(
            ("none", _("No preliminary investigation is running")),
            ("no_harm", _("No, the investigation leader has judged that it does no harm")),
            ("harm", _("Yes, it would")),
        ),
        fails=("harm",),
        why_not=_("Then it waits, or is made narrower so that it does no harm."),
    ),
    # --- social services ---
    Question("statement_asked_on", _("When was the statement asked for?"), "date"),
    Question("statement_sent_on", _("When was the statement sent?"), "date"),
    Question("acute_what", _("What was happening?"), "text", help=NO_NAMES),
    Question("phoned_at", _("When did you phone?"), "moment"),
    Question(
        "phoned_to",
        _("Whom did you reach?"),
        "short",
        help=_("The function, for example “the duty officer”."),
    ),
    Question(
        "chapter",
        _("Which crime against a child?"),
        "choice",
        choices=(
            ("BrB3", _("Against life or health")),
            ("BrB4", _("Against liberty or peace")),
            ("BrB6", _("A sexual offence")),
            ("other", _("Another crime")),
        ),
        fails=("other",),
        why_not=_("The ground holds for crimes of these three kinds only."),
    ),
    Question(
        "receiver_under_18",
        _("There is suspicion that the receiver was under 18"),
        "must_be_yes",
        why_not=_("The ground holds only where the receiver is under 18."),
    ),
    Question(
        "offence",
        _("Which offence?"),
        "choice",
        help=_("The least punishment decides: it must be at least six months of prison."),
        choices=tuple((one.code, one.label) for one in OFFENCES.values()),
    ),
    Question("attempt", _("How far did it go?"), "choice", choices=tuple(ATTEMPTS.items())),
    Question(
        "grounds_for_suspicion",
        _("What does the suspicion build on?"),
        "text",
        help=NO_NAMES,
    ),
    Question(
        "under_21",
        _("The young person is under 21"),
        "must_be_yes",
        why_not=_("The ground holds only until the day of turning 21."),
    ),
    Question(
        "circumstances",
        _("Which concrete circumstances?"),
        "text",
        help=_("What has been seen or said. Feelings and reputation are not enough."),
    ),
    Question("risk", _("Which crime is there a risk of?"), "text"),
    Question(
        "why_not_unsuitable",
        _("Why is it not unsuitable?"),
        "text",
        help=_("Think of the support that is planned or going on, and what telling does to it."),
    ),
    Question(
        "request_reference",
        _("Which request do you answer?"),
        "short",
        help=_("Their number for it, or who asked and when."),
    ),
    Question(
        "no_exceptional_reasons",
        _("There are no exceptional reasons to keep it secret"),
        "must_be_yes",
        help=_("For example a threat. If you doubt, ask your supervisor."),
        why_not=_("With such reasons the contact data stay secret."),
    ),
    Question(
        "feedback",
        _("What do you tell?"),
        "choice",
        choices=(
            ("opened", _("An investigation is opened")),
            ("not_opened", _("No investigation is opened")),
            ("running", _("An investigation is already running")),
        ),
    ),
    Question("decided_on", _("From which day?"), "date"),
    # --- between social services ---
    Question("care_needed", _("Which care or support makes it necessary?"), "text"),
    Question(
        "care_for_whom",
        _("Who is it about?"),
        "choice",
        choices=(
            ("under_18", _("Somebody under 18")),
            ("dependent", _("Somebody with an ongoing dependency")),
            ("other", _("Somebody else")),
        ),
        fails=("other",),
        why_not=_("The ground holds for these two only."),
    ),
    # --- weighed ---
    Question(
        "consent_by",
        _("Who consents?"),
        "choice",
        choices=(
            ("young_person", _("The young person")),
            ("guardian", _("A guardian")),
            ("both", _("The young person and a guardian")),
        ),
        help=_(
            "From 15 to 17 the young person consents, with or without a guardian. Municipalities "
            "do it differently: follow your own routine."
        ),
    ),
    Question("consent_on", _("When was it given?"), "date"),
    Question(
        "consent_scope",
        _("What does it cover?"),
        "text",
        help=_("Which information, to whom, and what for. They must know what they agree to."),
    ),
    Question("consent_until", _("Until when does it hold?"), "date", ahead=True),
    Question(
        "needed_for",
        _("What is it needed for?"),
        "text",
        help=_("To prevent, hinder, detect or investigate crime: which, and how it helps."),
    ),
    Question(
        "balance",
        _("What speaks for secrecy, and why does it not prevail?"),
        "text",
    ),
    Question(
        "legal_review",
        _("Which lawyer has judged it, when and how?"),
        "text",
        help=_("The law is not clear here. Without that judgement it is not sent."),
        only_for_review=True,
    ),
    Question(
        "obvious",
        _("Why is it obvious that telling weighs more than secrecy?"),
        "text",
    ),
    Question("own_task", _("Which task of your own is it for?"), "text"),
    Question("necessity", _("Why can the task not be done without telling?"), "text"),
)
QUESTIONS: dict[str, Question] = {one.code: one for one in _ALL}
