"""The log review's pages: months and how far they have come, a month's lines, the sign-off."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import guards, log_review
from access.actor import Actor
from access.guards import for_actor
from access.request import Request
from access.review_forms import JudgeForm, MonthForm, SignForm
from audit import review, trail, words
from audit.models import Line, Reading
from audit.review_models import Review, ReviewItem, Verdict, Why
from audit.shown import show

PAGE = 20
words.teach("fact", {"month": gettext_lazy("Month")})
words.teach("fact.where", {"review": gettext_lazy("Log review")})


@require_safe
@for_actor(log_review.REVIEWERS)
def reviews(request: Request) -> HttpResponse:
    """Months and units: what is done, how far, what is late."""
    rows = log_review.months(acting(request))
    late = [row for row in rows if row.late]
    return render(request, "audit/reviews.html", {"rows": rows, "late": late})


def acting(request: Request) -> Actor:
    if request.actor is None:
        raise Http404
    return request.actor


@require_POST
@for_actor(log_review.REVIEWERS)
def make(request: Request) -> HttpResponse:
    """Make the review of a month that the worker didn't make."""
    actor, form = acting(request), MonthForm(request.POST)
    rows = log_review.months(actor)
    asked = form.cleaned_data if form.is_valid() else {}
    row = log_review.open_month(rows, asked["unit"], asked["month"]) if asked else None
    if row is None:
        fault = _("That month has no review to make. Choose one in the list.")
        late = [one for one in rows if one.late]
        context = {"rows": rows, "late": late, "fault": fault}
        return render(request, "audit/reviews.html", context, status=422)
    made = log_review.make(row.unit, row.month, f"{actor.name}, {actor.unit}")
    return redirect("audit:review", made.pk)


def found_review(request: Request, review_id: UUID) -> Any:
    """The review with `lines` and `judged`, or 404 with a line in the trail."""
    seen = review.with_progress(log_review.reviews_of(acting(request)))
    found = seen.filter(pk=review_id).first()
    if found is None:
        detail = {"what": "audit.review", "pk": str(review_id)}
        trail.reading(Reading.Kind.REFUSED, detail=detail)
        raise Http404
    return found


@require_safe
@for_actor(log_review.REVIEWERS)
def one_review(request: Request, review_id: UUID) -> HttpResponse:
    """A month's lines: those still to judge, or (`show=all`) every one."""
    found = found_review(request, review_id)
    detail = {"where": "review", "month": f"{found.month:%Y-%m}"}
    trail.reading(Reading.Kind.SEARCHED, about=found.unit, detail=detail)
    return review_page(request, found)


def review_page(
    request: Request, found: Any, *, form: JudgeForm | None = None, at: int = 0, status: int = 200
) -> HttpResponse:
    """The page; where a form is given it is the one of item `at`, with its errors."""
    verdicts, done = review.newest_verdicts(found), review.is_done(found)
    every = done or request.GET.get("show") == "all" or form is not None
    items = [one for one in found.items.order_by("id") if every or one.pk not in verdicts]
    number = page_number(request, len(items))
    if form is not None:
        number = next((n // PAGE for n, one in enumerate(items) if one.pk == at), number)
    shown = items[number * PAGE : (number + 1) * PAGE]
    context = {
        "review": found,
        "done": done,
        "every": every,
        "cards": cards(acting(request), shown, verdicts, done, {at: form} if form else {}),
        "more": more_words(found),
        "form": form,
        "next": number + 2 if len(items) > (number + 1) * PAGE else 0,
        "previous": number,
        "cases": not acting(request).is_auditor,
        "nothing_hers": nothing_hers(acting(request), found, verdicts),
    }
    return render(request, "audit/review.html", context, status=status)


def nothing_hers(actor: Actor, found: Review, verdicts: dict[int, Verdict]) -> bool:
    """Lines are left, and she may judge none of them."""
    left = [one for one in found.items.all() if one.pk not in verdicts]
    others = [one.reading_id for one in left if one.actor_id != actor.user_id]
    return bool(left) and not Reading.objects.filter(pk__in=others).exists()


def page_number(request: Request, items: int) -> int:
    """From 0; nonsense is the first page, too far the last."""
    text = request.GET.get("page", "1")
    asked = int(text) if text.isdecimal() and len(text) < 6 else 1
    return max(0, min(asked - 1, (items - 1) // PAGE))


def cards(
    actor: Actor,
    items: list[ReviewItem],
    verdicts: dict[int, Verdict],
    done: bool,
    forms: dict[int, JudgeForm],
) -> list[dict[str, Any]]:
    """Each item with its line in words, why it was picked, and the form for who may judge it."""
    wanted = Line.objects.filter(
        source=Line.Source.READING, id__in=[one.reading_id for one in items]
    )
    lines = {line.id: line for line in show(wanted, content=not actor.is_auditor)}
    found = []
    for item in items:
        line = lines.get(item.reading_id)
        closed = why_not(actor, item, line is not None)
        found.append(
            {
                "item": item,
                "line": line,
                "why": [(code, Why(code).label) for code in item.why],
                "verdict": verdicts.get(item.pk),
                "closed": closed,
                "form": None
                if done or closed
                else forms.get(item.pk) or JudgeForm(item_id=item.pk, why=item.why),
            }
        )
    return found


def why_not(actor: Actor, item: ReviewItem, seen: bool) -> str:
    """Why she can't judge the line; "" when she can."""
    if item.actor_id == actor.user_id:
        return _("This is your own line. Another reviewer judges it.")
    if not seen:
        return _("The line is about a case that you may not see. The data protection officer"
                 " judges it.")  # fmt: skip
    return ""


def more_words(found: Review) -> list[tuple[str, int]]:
    """What the rules found beyond the items, by reason."""
    return [(str(Why(code).label), count) for code, count in sorted(found.left_out.items())]


@require_POST
@for_actor(log_review.REVIEWERS)
def judge(request: Request, review_id: UUID, item_id: int) -> HttpResponse:
    """Explained, or to investigate. Said again, the newest counts, until the sign-off."""
    found = found_review(request, review_id)
    item = found.items.filter(pk=item_id).first()
    if item is None:
        raise Http404
    seen = Reading.objects.filter(pk=item.reading_id).exists()
    if closed := why_not(acting(request), item, seen):
        guards.refuse(closed)
    form = JudgeForm(request.POST, item_id=item.pk, why=item.why)
    if review.is_done(found):
        messages.warning(request, _("The review is signed off: nothing in it changes any more."))
        return redirect("audit:review", found.pk)
    if not form.is_valid():
        return review_page(request, found, form=form, at=item.pk, status=422)
    try:
        with transaction.atomic():
            said = review.judge(item, form.cleaned_data["finding"], form.cleaned_data["note"])
    except IntegrityError:  # signed off in the same moment
        messages.warning(request, _("The review is signed off: nothing in it changes any more."))
        return redirect("audit:review", found.pk)
    left = found.lines - len(review.newest_verdicts(found))
    messages.success(
        request,
        _("%(finding)s. %(left)d left to judge.")
        % {"finding": said.get_finding_display(), "left": left},
    )
    return redirect("audit:review", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_actor(log_review.REVIEWERS)
def sign(request: Request, review_id: UUID) -> HttpResponse:
    """The page that names the act, and the act: afterwards nothing in the review changes."""
    found = found_review(request, review_id)
    form = SignForm(request.POST if request.method == "POST" else None)
    if review.is_done(found):
        messages.warning(request, _("The review is signed off: nothing in it changes any more."))
        return redirect("audit:review", found.pk)
    if request.method != "POST":
        return sign_page(request, found, form, 200)
    if found.judged < found.lines or not form.is_valid():
        return sign_page(request, found, form, 422)
    try:
        with transaction.atomic():
            review.sign_off(found, form.cleaned_data["note"])
    except IntegrityError:  # somebody else did in the same moment
        return sign_page(request, found, form, 409)
    messages.success(request, _("The log review is signed off."))
    return redirect("audit:reviews")


def sign_page(request: Request, found: Any, form: SignForm, status: int) -> HttpResponse:
    verdicts = review.newest_verdicts(found).values()
    said = [one.finding for one in verdicts]
    context = {
        "review": found,
        "form": form,
        "left": found.lines - found.judged,
        "explained": said.count(Verdict.Finding.EXPLAINED),
        "investigate": said.count(Verdict.Finding.INVESTIGATE),
    }
    return render(request, "audit/review_sign.html", context, status=status)
