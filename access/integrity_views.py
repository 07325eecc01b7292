"""The page that says whether the trail is whole, and the files that the other authority keeps."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from access import rules
from access.audit_views import READERS
from access.guards import for_actor
from access.models import Kind
from audit import integrity, words
from audit.models import Anchor

words.teach("fact", {"day": gettext_lazy("Day"), "seals": gettext_lazy("Seals")})
words.teach("fact.what", {"anchors": gettext_lazy("Anchor file")})
KEEPERS: dict[str, Promise] = {
    Kind.POLICE: gettext_lazy("The police"),
    Kind.SOCIAL: gettext_lazy("The social services"),
    Kind.MUNICIPALITY: gettext_lazy("The municipality"),
}
FILE = "fortur-forseglingar-{}.jsonl"


class DayForm(forms.Form):
    """Which day's file."""

    day = forms.TypedChoiceField(
        label=gettext_lazy("Day"),
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid_choice": gettext_lazy("That day has no seals. Choose one in the list."),
        },
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type] # a QueryDict or nothing
        self.days = {day.isoformat(): day for day in integrity.days()}
        field = self.fields["day"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(code, date_format(day)) for code, day in self.days.items()]


@require_safe
@for_actor(READERS)
def trail_state(request: HttpRequest) -> HttpResponse:
    """Last sealed, kept and verified; the newest seals; what it proves and what it doesn't."""
    return page(request, DayForm())


def page(request: HttpRequest, form: DayForm, status: int = 200) -> HttpResponse:
    seals = integrity.newest_seals()
    context = {
        "form": form,
        "state": integrity.state(),
        "check": integrity.last_check(),
        "kept": [kept(one) for one in integrity.keepers()],
        "faults": integrity.faults(),
        "seals": seals,
        "fingerprint": integrity.key_shown(seals),
        "may_keep": rules.auditor(request.actor),  # type: ignore[attr-defined] # set by Acting
    }
    return render(request, "audit/trail_state.html", context, status=status)


def kept(anchor: Anchor) -> tuple[str, Anchor, str]:
    """Who keeps an anchor; the anchor; and of a time-stamp whether it is genuine. In words."""
    if anchor.kind != Anchor.Kind.TIMESTAMP:
        return str(KEEPERS.get(anchor.authority, anchor.authority)), anchor, ""
    said = {True: _("Genuine: checked now"), False: _("Not genuine"), None: _("Not checked here")}
    return _("the time-stamp service"), anchor, said[integrity.genuine(anchor)]


@require_POST
@for_actor(rules.auditor)
def anchors(request: HttpRequest) -> HttpResponse:
    """A day's seals as a file to keep. That it was taken out is logged, and shown to everybody."""
    form = DayForm(request.POST)
    if not form.is_valid():
        return page(request, form, status=422)
    day = form.days[form.cleaned_data["day"]]
    body = integrity.keep(day)
    if body is None:
        form.add_error("day", _("That day has no seals. Choose one in the list."))
        return page(request, form, status=422)
    return HttpResponse(
        body,
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{FILE.format(day.isoformat())}"'},
    )
