"""What keeps a closed case from being destroyed: beside the life in case.py."""

from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from access import rules
from casework.workflow import moment
from casework.workflow.states import State
from casework.workflow.steps import Act, Stateful, condition, step

OVER = (State.CLOSED, State.SET_ASIDE)


@condition(_("The case is kept from destruction already."))
def not_held(case: "HoldSteps") -> bool:
    return case.open_hold() is None


@condition(_("Nothing keeps the case from destruction."))
def is_held(case: "HoldSteps") -> bool:
    return case.open_hold() is not None


class HoldSteps(Stateful):
    """None of them moves the state, or writes anything into the file."""

    unit_id: int
    holds: ClassVar[Any]
    _hold: Any = ()  # not asked yet

    class Meta:
        abstract = True

    @step(OVER, None, _("Keep from destruction"), may=rules.supervisor, when=[not_held],
          reason=True, form="HoldForm", apart=True)  # fmt: skip
    def hold(self, act: Act, until: date | None) -> dict[str, Any]:
        for ran_out in self.holds.filter(lifted_at=None):
            ran_out.lifted_at = act.at
            ran_out.save(update_fields=["lifted_at"])
        self._hold = self.holds.create(
            unit_id=self.unit_id, reason=act.reason, by_id=act.by.user_id, since=act.at,
            until=until,
        )  # fmt: skip
        return {"until": until and until.isoformat()}

    @step(OVER, None, _("No longer keep from destruction"), may=rules.supervisor,
          when=[is_held], reason=True, apart=True)  # fmt: skip
    def lift_hold(self, act: Act) -> dict[str, Any]:
        held = self.open_hold()
        held.lifted_at = act.at
        held.save(update_fields=["lifted_at"])
        self._hold = None
        return {}

    def open_hold(self) -> Any:
        """What keeps the case today, asked for once."""
        if self._hold == ():
            found = self.holds.filter(lifted_at=None).first()
            self._hold = found if found and found.holds_on(moment.today()) else None
        return self._hold
