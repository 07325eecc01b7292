"""Which form a declared step uses, by the name in its declaration."""

from django import forms

from casework.forms.base import StepForm
from casework.forms.case import (
    CloseForm,
    FollowUpForm,
    HandOverForm,
    PriorityForm,
    SetAsideForm,
    StartForm,
)
from casework.forms.coordination import (
    AcceptProposalForm,
    BasisForm,
    EndCoordinationForm,
    GroundForm,
    MeetingForm,
    ProposeForm,
    WithdrawForm,
)
from casework.forms.deadline import AddDeadlineForm, ExtendDeadlineForm, MeetDeadlineForm
from casework.forms.delivery import AcceptForm, GiveBackForm, OpenCaseForm
from casework.forms.destruction import ReviewForm, StrikeForm
from casework.forms.disclosure import SendForm
from casework.forms.draft import RedraftForm
from casework.forms.flag import FlagForm, ObservationForm
from casework.forms.intervention import (
    AgreeForm,
    BeginForm,
    CancelForm,
    CompleteForm,
    InterventionForm,
    NoteForm,
)
from casework.forms.keeping import HoldForm
from casework.forms.police import (
    BeginInquiryForm,
    ChargeForm,
    DiscontinueForm,
    GuardianForm,
    HandToProsecutorForm,
    OpenPoliceForm,
    PostponeGuardianForm,
    PrepareProtocolForm,
    ProtocolForm,
    ReportForm,
    ServeForm,
    StatementForm,
    StatementReceivedForm,
    SuspectForm,
)
from casework.forms.restriction import (
    LetInForm,
    NameForDeliveryForm,
    NameForm,
    RestrictForm,
    ShutOutForm,
    UnnameForm,
)
from casework.forms.social import (
    DecisionForm,
    JoinForm,
    LvuForm,
    NotOpenForm,
    OpenSocialForm,
    ProtectionForm,
    ReceiveForm,
    SocialFollowUpForm,
    WithoutSupportForm,
)
from casework.workflow.steps import Step

STEP_FORMS: dict[str, type[StepForm]] = {
    form.__name__: form
    for form in (
        StepForm, PriorityForm, StartForm, HandOverForm, FollowUpForm, CloseForm, SetAsideForm,
        ObservationForm, InterventionForm, AgreeForm, BeginForm, CompleteForm, CancelForm, NoteForm,
        ProposeForm, AcceptProposalForm, BasisForm, GroundForm, MeetingForm, WithdrawForm,
        EndCoordinationForm,
        AddDeadlineForm, MeetDeadlineForm, ExtendDeadlineForm, RedraftForm,
        HoldForm, ReviewForm, StrikeForm, RestrictForm, NameForm, UnnameForm, ShutOutForm,
        LetInForm, SendForm, AcceptForm, GiveBackForm, NameForDeliveryForm,
        ReportForm, OpenPoliceForm, SuspectForm, ServeForm, HandToProsecutorForm, ChargeForm,
        BeginInquiryForm, PrepareProtocolForm, ProtocolForm, GuardianForm, PostponeGuardianForm,
        StatementForm, StatementReceivedForm, DiscontinueForm, ReceiveForm, ProtectionForm,
        OpenSocialForm, NotOpenForm, JoinForm, DecisionForm, WithoutSupportForm,
        SocialFollowUpForm, LvuForm,
    )
}  # fmt: skip
FORMS: dict[str, type[forms.Form]] = {
    **STEP_FORMS,
    "FlagForm": FlagForm,
    "OpenCaseForm": OpenCaseForm,
}


def form_of(step: Step) -> type[StepForm]:
    """The form that asks what the step needs."""
    return STEP_FORMS[step.form]
