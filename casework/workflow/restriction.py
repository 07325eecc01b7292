"""Who sees a case, where it is not simply everyone in the unit: beside the life in case.py."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access import rules
from access.actor import Actor
from casework.workflow.states import EVER, OPEN
from casework.workflow.steps import Act, Stateful, condition, step


class Ground(models.TextChoices):
    """Why only named people see a case."""

    PROTECTED_IDENTITY = "protected_identity", _("Protected identity")
    RELATIVE_OF_STAFF = "relative_of_staff", _("Relative of somebody who works here")
    OTHER = "other", _("Other")


class Stake(models.TextChoices):
    """What may be lost unless a restricted case is opened at once."""

    LIFE_OR_HEALTH = "life_or_health", _("Somebody’s life or health")
    CHILD_AT_RISK = "child_at_risk", _("A child is in danger")
    ONGOING_CRIME = "ongoing_crime", _("A crime that is going on")
    DEADLINE_TODAY = "deadline_today", _("A time limit that runs out today")


@condition(_("The case is restricted already."))
def not_restricted(case: "RestrictionSteps") -> bool:
    return not case.restricted


@condition(_("The case is not restricted."))
def is_restricted(case: "RestrictionSteps") -> bool:
    return case.restricted


# Whoever brings the other side's news is never named, and what is shared must have ended first.
@condition(_("The case is in a coordination that isn’t over. End the coordination first."))
def not_coordinating(case: "RestrictionSteps") -> bool:
    return not case.has_open_coordination()


class RestrictionSteps(Stateful):
    """The steps that change who sees the case; none of them moves its state."""

    restricted: bool

    class Meta:
        abstract = True

    @step(OPEN, None, _("Restrict to named people"), may=rules.supervisor,
          when=[not_restricted, not_coordinating], reason=True, form="RestrictForm",
          apart=True)  # fmt: skip
    def restrict(
        self, act: Act, ground: str, protected: str, people: list[Actor], until: datetime
    ) -> dict[str, Any]:
        self.confine(act, ground, protected)
        return {"ground": ground, "protected": protected} | self.name_people(act, people, until)

    @step(EVER, None, _("Name more people"), may=rules.supervisor, when=[is_restricted],
          reason=True, form="NameForm", apart=True)  # fmt: skip
    def name(self, act: Act, people: list[Actor], until: datetime) -> dict[str, Any]:
        return self.name_people(act, people, until)

    @step(EVER, None, _("Take a name away"), may=rules.supervisor, when=[is_restricted],
          reason=True, form="UnnameForm", apart=True)  # fmt: skip
    def unname(self, act: Act, person: Actor) -> dict[str, Any]:
        return {"person": str(person.user_id), "person_name": person.name}

    @step(EVER, None, _("Lift the restriction"), may=rules.supervisor, when=[is_restricted],
          reason=True, final=True, apart=True)  # fmt: skip
    def unrestrict(self, act: Act) -> dict[str, Any]:
        self.unconfine()
        return {}

    @step(EVER, None, _("Break the glass"), may=rules.service, when=[is_restricted])
    def break_glass(self, act: Act, stake: str, until: datetime) -> dict[str, Any]:
        return {"stake": stake, "until": until.isoformat()}

    @step(EVER, None, _("Shut somebody out"), may=rules.supervisor, reason=True,
          form="ShutOutForm", apart=True)  # fmt: skip
    def shut_out(self, act: Act, person: Actor, until: datetime | None) -> dict[str, Any]:
        end = until and until.isoformat()
        return {"person": str(person.user_id), "person_name": person.name, "until": end}

    @step(EVER, None, _("Let somebody in again"), may=rules.supervisor, reason=True,
          form="LetInForm", apart=True)  # fmt: skip
    def let_in(self, act: Act, person: Actor) -> dict[str, Any]:
        return {"person": str(person.user_id), "person_name": person.name}

    # --- what they do, where the rows are known ---------------------------------------------------

    def has_open_coordination(self) -> bool:
        raise NotImplementedError

    def confine(self, act: Act, ground: str, protected: str) -> None:
        raise NotImplementedError

    def unconfine(self) -> None:
        raise NotImplementedError

    def name_people(self, act: Act, people: list[Actor], until: datetime) -> dict[str, Any]:
        raise NotImplementedError
