"""The log extract: who has opened a case, for the young person or a guardian.

The data protection officer makes it from the case's reference. She sees the trail's facts, never
the case. Whether staff are named is for the authority to decide (FORTUR_EXTRACT_NAMES).
"""

from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

import audit
from access import rules
from access.actor import Actor
from access.guards import for_actor
from access.models import Unit
from access.request import Request
from access.review_views import acting
from access.session import acting_as
from audit import pdf, trail, words
from audit.filters import NUMBER, DayField
from audit.models import Reading, Step
from audit.readers import Time, main_thing, times_of

MOST = 5_000  # lines in one extract
TEMPLATE = Path(audit.__file__).with_name("extract.typ")
FOR_WHOM = {
    "young_person": gettext_lazy("The young person asks"),
    "guardian": gettext_lazy("A guardian asks"),
    "representative": gettext_lazy("Somebody with a power of attorney asks"),
    "own_check": gettext_lazy("The authority’s own check"),
}
words.teach("purpose", FOR_WHOM)
words.teach("taken_out", {"extract": gettext_lazy("log extract")})


class ExtractForm(forms.Form):
    """Which case, for whom, which period, in which language."""

    reference = forms.CharField(
        label=gettext_lazy("The case’s reference"),
        max_length=40,
        help_text=gettext_lazy("Exactly as it is written, such as P-2026-0042"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Why the extract is made"), choices=[("", "–"), *FOR_WHOM.items()]
    )
    since = DayField(label=gettext_lazy("From"))
    until = DayField(label=gettext_lazy("To"))
    language = forms.ChoiceField(
        label=gettext_lazy("The extract’s language"), choices=settings.LANGUAGES, initial="sv"
    )
    shape = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[
            ("pdf", gettext_lazy("A file for paper (PDF)")),
            ("page", gettext_lazy("A page to print")),
        ],
        initial="pdf",
    )

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        self.birth: Step | None = None
        if not pdf.POSSIBLE:
            del self.fields["shape"]

    def clean_reference(self) -> str:
        """Only a reference finds a case here, and only one of the officer's own authority."""
        text = str(self.cleaned_data["reference"]).strip().upper()
        if NUMBER.fullmatch(text):
            raise forms.ValidationError(_("Write a case’s reference, not a personal number."))
        self.birth = main_thing(text, self.actor.authority_id)
        if self.birth is None:
            raise forms.ValidationError(_("Your authority has no case with that reference."))
        return text

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        if since and since > timezone.localdate():
            self.add_error("since", _("Choose today or an earlier day."))
        elif since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        return asked


@require_http_methods(["GET", "HEAD", "POST"])
@for_actor(rules.auditor)
def extract(request: Request) -> HttpResponse:
    """GET the form; POST makes the extract, which is itself logged in the case's own log."""
    actor = acting(request)
    form = ExtractForm(request.POST if request.method == "POST" else None, actor)
    if request.method != "POST":
        return render(request, "audit/extract.html", {"form": form})
    if not form.is_valid() or form.birth is None:
        return render(request, "audit/extract.html", {"form": form}, status=422)
    asked, birth = form.cleaned_data, form.birth
    with translation.override(asked["language"]):
        names: bool = settings.EXTRACT_NAMES
        times = times_of(birth.thing_id, asked["since"], asked["until"], MOST, names=names)
        if len(times) <= MOST:
            write_down(actor, birth, asked, len(times))
            return answer(request, as_data(actor, birth, asked, times), asked)
    form.add_error(None, _("More than %(most)d lines. Choose a shorter period.") % {"most": MOST})
    return render(request, "audit/extract.html", {"form": form}, status=422)


def write_down(actor: Actor, birth: Step, asked: dict[str, Any], lines: int) -> None:
    """One line, in the log of the unit that owns the case: it too has been taken out."""
    unit = Unit.objects.select_related("authority").get(pk=birth.unit_id or 0)
    filters = {
        name: asked[name].isoformat() for name in ("since", "until") if asked[name] is not None
    }
    detail = {"what": "extract", "lines": lines, "filters": filters}
    with acting_as(replace(actor.postman(unit), role=actor.role)):
        trail.reading(
            Reading.Kind.EXPORTED,
            about_id=birth.about_id,
            about=birth.about,
            purpose=asked["purpose"],
            detail=detail,
        )


def answer(request: Request, data: dict[str, Any], asked: dict[str, Any]) -> HttpResponse:
    if asked.get("shape") != "pdf":
        return render(request, "audit/extract_page.html", {"extract": data})
    return HttpResponse(
        pdf.pdf(TEMPLATE, data),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{file_name()}"'},
    )


def file_name() -> str:
    return f"fortur-loggutdrag-{timezone.localdate().isoformat()}.pdf"


def as_data(actor: Actor, birth: Step, asked: dict[str, Any], times: list[Time]) -> dict[str, Any]:
    """What the template shows, in the language that is active."""
    now, today = timezone.now(), timezone.localdate()
    intro = [
        _("Every time that somebody opened, searched out, took out or changed the case is a line"
          " in the log. This is all of them in the period."),
    ]  # fmt: skip
    if not times:
        intro = [_("Nobody has opened the case in this period.")]
    return {
        "title": _("Who has opened the case"),
        "lang": translation.get_language().split("-")[0],
        "header": f"Förtur · {birth.about} · {moment(now)}",
        "facts": [
            [_("Case"), birth.about],
            [_("Authority"), Unit.objects.select_related("authority").get(
                pk=actor.unit_id).authority.name],
            [_("Period"), period(asked["since"] or timezone.localdate(birth.at),
                                 min(asked["until"] or today, today))],
            [_("Why"), words.say("purpose", asked["purpose"])],
            [_("Made by"), f"{actor.role_label}, {moment(now)}"],
            [_("Lines"), str(len(times))],
        ],
        "intro": intro,
        "heads": [_("Time"), _("What"), _("Who"), _("Note")],
        "rows": [[moment(time.at), *list(asdict(time).values())[1:]] for time in times],
        "end": [
            _("“Somebody else’s case” means that the person wasn’t the case’s handler when she"
              " opened it. That can be in order: a supervisor or a colleague on duty, say."),
            _("Do you have a question, or do you think that somebody had no reason to open the"
              " case? Turn to the authority’s data protection officer."),
        ],
    }  # fmt: skip


def moment(at: datetime) -> str:
    return str(date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT"))


def period(since: date, until: date) -> str:
    return f"{date_format(since, 'DATE_FORMAT')} – {date_format(until, 'DATE_FORMAT')}"
