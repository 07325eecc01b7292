"""The words of secrecy: what each ground means, why something is blocked, which way is open."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.grounds import Code
from access.kinds import Kind

Words = str | Promise

MEANS: dict[str, Words] = {
    Code.LUL6: _(
        "The social board is told at once when somebody under 18 is reasonably suspected of a "
        "crime with prison in the scale. It is a duty: nobody weighs it."
    ),
    Code.LUL34: _(
        "The social board is told at once when somebody who was under 15 may be suspected, and "
        "when an inquiry begins. It is a duty: nobody weighs it."
    ),
    Code.LUL36B: _("The result goes to the social board at once. It is a duty."),
    Code.LUL37: _("The finished protocol goes to the social board as soon as possible."),
    Code.SOL19_1: _(
        "Everybody in the police must report at once when they learn or suspect that a child fares "
        "badly. Each child is assessed: no report goes by routine."
    ),
    Code.SOL20_6: _(
        "When social services have opened an investigation, the police must give all information "
        "that matters for it. During the preliminary assessment the duty does not hold."
    ),
    Code.OMEDELBART: _(
        "Staff may tell the police what is needed to intervene at once, when somebody who can be "
        "taken for under 18 is in serious danger or is caught in the act. Phone first."
    ),
    Code.BROTT_MOT_BARN: _(
        "Secrecy yields for suspicion of a crime against somebody under 18: against life, health, "
        "liberty or peace, or a sexual offence."
    ),
    Code.OVERLAT_U18: _(
        "Secrecy yields for suspicion that narcotics were given or sold to somebody under 18."
    ),
    Code.BROTT_6M: _(
        "Secrecy yields for suspicion of a crime whose least punishment is six months of prison: "
        "sale and gross offences, not use or possession."
    ),
    Code.UNGA21: _(
        "Social services may tell the police when concrete circumstances show a risk that somebody "
        "under 21 will commit a crime, unless it is unsuitable."
    ),
    Code.KONTAKT: _(
        "An authority that fights crime gets contact data when it asks, unless exceptional reasons "
        "speak for secrecy."
    ),
    Code.VARD: _(
        "Social services may tell social services elsewhere what is necessary for care or support "
        "of somebody under 18 or with an ongoing dependency."
    ),
    Code.LUL11: _(
        "The statement itself is written and sent elsewhere. Here only the dates go over, so that "
        "both sides see that it is answered."
    ),
    Code.ATERKOPPLING: _(
        "Whoever reported is told whether an investigation is opened, not opened or already "
        "running. Nothing more."
    ),
    Code.SAMTYCKE: _(
        "The young person, and a guardian according to age, may lift the secrecy that protects "
        "them. They must know what it covers and can take it back."
    ),
    Code.INFO_FLODE: _(
        "What is needed to prevent, detect or investigate crime may be told between authorities, "
        "unless the reasons for secrecy prevail."
    ),
    Code.GENERAL: _(
        "The police may tell when it is obvious that the interest of telling weighs more than the "
        "interest that secrecy protects. Social services can’t use it."
    ),
    Code.NODV: _(
        "What is necessary for your own task may be told, never what is only useful to them. It is "
        "a narrow door."
    ),
}

OPEN: dict[str, Words] = {
    "consent": _("With consent from the young person, and a guardian according to age."),
    "review": _("After a lawyer’s judgement, decided by your supervisor."),
    "turn_request": _("When they ask for it: then you can answer."),
    "turn_own": _("On your own initiative: then a ground is open."),
    "figures": _("Figures without persons, through the situation picture."),
    "worse_crime": _(
        "If it is about sale, a gross offence, or giving to somebody under 18: choose that instead."
    ),
    "phone": _("If somebody is in danger here and now: phone 112, and write it down afterwards."),
}

WHY: dict[tuple[str, str, str], Words] = {
    (Kind.SOCIAL, Kind.POLICE, "crime_minor"): _(
        "Secrecy in social services stands for crimes that have been committed, unless the least "
        "punishment is six months of prison. Own use, possession and a transfer that is no sale "
        "don’t reach that, so you may not tell the police."
    ),
}
TO_MUNICIPALITY = _(
    "The municipality’s crime prevention gets figures, never anything about a person. Social "
    "services are an authority of their own, and their secrecy holds towards it too."
)
ONE_POLICE = _("The police are one authority. Between its units nothing is disclosed.")
ONLY_ASKED = _("This may be told only when the other authority has asked for it.")
NOT_AS_ANSWER = _("This is sent on your own initiative, not as an answer.")
NO_GROUND = _("No ground in the law carries this that way.")


def why_blocked(from_kind: str, to_kind: str, subject: str, initiative: str, turned: bool) -> Words:
    """Why it can't cross; `turned`: it could on the other one's initiative."""
    if Kind.MUNICIPALITY in (from_kind, to_kind):
        return TO_MUNICIPALITY
    if from_kind == to_kind == Kind.POLICE:
        return ONE_POLICE
    if turned:
        return ONLY_ASKED if initiative == "own" else NOT_AS_ANSWER
    return WHY.get((from_kind, to_kind, subject), NO_GROUND)
