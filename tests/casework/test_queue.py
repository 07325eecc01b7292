"""The work queue: what is in it, in which order, for whom, and what its address can say."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from access.actor import Actor
from access.grants import open_grant
from access.models import User
from audit.models import Reading
from casework import queue
from casework.models import Case
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Who = Callable[[str], Actor]


def listed(client: Client, query: str = "") -> list[str]:
    """The references on the page, from top to bottom."""
    page = client.get(f"/cases/{query}")
    return [row.case.reference for group in page.context["groups"] for row in group["rows"]]


def late(by: Actor, level: str = "B", handler: Actor | None = None) -> Case:
    """A case whose priority ended yesterday."""
    with moment.at(moment.now() - timedelta(days=20)):
        until = moment.today() + timedelta(days=19)
        if handler:
            return make.in_progress(by=by, handler=handler, level=level, valid_until=until)
        return make.prioritised(by=by, level=level, valid_until=until)


def test_it_shows_mine_and_nobodys(as_: As, actor: Who) -> None:
    utredare, other = actor("utredare"), actor("utredare2")
    mine = make.in_progress(by=utredare)
    nobodys = make.case(by=other)
    theirs = make.in_progress(by=other)
    assert listed(as_("utredare")) == [mine.reference, nobodys.reference]
    assert theirs.reference not in listed(as_("utredare"))


def test_what_is_due_first_comes_first_then_the_higher_level(as_: As, actor: Who) -> None:
    utredare = actor("utredare")
    nothing_due = make.case(by=utredare)
    watched = make.prioritised(by=utredare, level="D")
    high = make.prioritised(by=utredare, level="B")
    overdue = late(by=utredare, level="C")
    acute = make.prioritised(by=utredare, level="A")
    found = listed(as_("utredare"))
    assert found == [one.reference for one in (overdue, acute, high, watched, nothing_due)]


def test_it_is_grouped_by_when_it_is_due(as_: As, actor: Who) -> None:
    utredare = actor("utredare")
    late(by=utredare)
    make.prioritised(by=utredare, level="A")
    make.case(by=utredare)
    page = as_("utredare").get("/cases/")
    assert [(one["band"], one["count"]) for one in page.context["groups"]] == [
        ("overdue", 1), ("today", 1), ("none", 1),
    ]  # fmt: skip


def test_another_units_cases_are_never_in_it(as_: As, actor: Who) -> None:
    make.case(by=actor("socialsekreterare"))
    make.case(by=actor("utredare.granne"))
    assert listed(as_("utredare"), "?mine=all") == []


def test_it_shows_no_name(as_: As, actor: Who) -> None:
    make.case(by=actor("utredare"), given_name="Tindra", family_name="Påhittad")
    page = as_("utredare").get("/cases/").content.decode()
    assert "Tindra" not in page
    assert "Påhittad" not in page


@pytest.mark.parametrize("username", ["dataskydd.polis", "samordnare", "admin"])
def test_it_is_closed_to_those_who_work_with_no_case(as_: As, username: str) -> None:
    assert as_(username).get("/cases/").status_code == 403


def searches(actor: Who) -> list[Reading]:
    """The unit's searches, as its own people may read them."""
    with make.acting(actor("utredare")):
        return list(Reading.objects.filter(kind="searched"))


# --- filters --------------------------------------------------------------------------------


def test_mine_chooses_whose(as_: As, actor: Who) -> None:
    utredare, other = actor("utredare"), actor("utredare2")
    mine = make.in_progress(by=utredare).reference
    nobodys = make.case(by=utredare).reference
    theirs = make.in_progress(by=other).reference
    client = as_("utredare")
    assert listed(client, "?mine=mine") == [mine]
    assert listed(client, "?mine=unassigned") == [nobodys]
    assert listed(client, "?mine=both") == [mine, nobodys]
    assert set(listed(client, "?mine=all")) == {mine, nobodys, theirs}


def test_filters_narrow_the_list(as_: As, actor: Who) -> None:
    utredare, other = actor("utredare"), actor("utredare2")
    acute = make.prioritised(by=utredare, level="A", place="Busstorget")
    overdue = late(by=utredare, level="C")
    flagged = make.case(by=utredare, place="Parkbacken")
    handled = make.in_progress(by=other)
    client = as_("utredare")
    assert listed(client, "?level=A") == [acute.reference]
    assert listed(client, "?level=none") == [flagged.reference]
    assert listed(client, "?level=A&level=C") == [overdue.reference, acute.reference]
    assert listed(client, "?due=overdue") == [overdue.reference]
    assert listed(client, "?due=today") == [acute.reference]
    assert listed(client, "?due=none") == [flagged.reference]
    assert listed(client, f"?place={flagged.place_id}") == [flagged.reference]
    assert listed(client, "?state=flagged") == [flagged.reference]
    assert listed(client, f"?handler={other.user_id}") == [handled.reference]
    assert listed(client, "?level=A&due=overdue") == []


def test_closed_cases_are_reached_by_their_status(as_: As, actor: Who) -> None:
    utredare, chief = actor("utredare"), actor("polischef")
    still_open = make.case(by=utredare)
    closed = make.closed(by=utredare, supervisor=chief)
    aside = make.step(make.case(by=utredare), "set_aside", chief, "Hör hit inte.", why="no_ground")
    client = as_("utredare")
    assert listed(client) == [still_open.reference]
    assert listed(client, "?state=closed") == [closed.reference]
    assert listed(client, "?state=closed&state=set_aside") == [aside.reference, closed.reference]
    both = listed(client, "?state=flagged&state=closed")
    assert both == [still_open.reference, closed.reference]


@pytest.mark.parametrize(
    "query",
    ["?level=X", "?mine=yours", "?due=never", "?state=x", "?place=99999", "?handler=nobody",
     "?q=20100512-0000", "?after=x", "?after=", "?level=%F0%9F%A6%8A"],
)  # fmt: skip
def test_an_unknown_value_is_told_and_the_rest_holds(as_: As, actor: Who, query: str) -> None:
    shown = make.case(by=actor("utredare"))
    page = as_("utredare").get(f"/cases/{query}")
    if query == "?after=":
        assert page.status_code == 200
        return
    assert page.status_code == 422
    assert page.context["form"].errors
    assert (shown.reference in page.content.decode()) is ("?q=" not in query)


def test_chosen_filters_can_be_taken_away_one_by_one(as_: As, actor: Who) -> None:
    make.prioritised(by=actor("utredare"), level="A")
    page = as_("utredare").get("/cases/?level=A&level=B&due=today&after=")
    urls = [chip["url"] for chip in page.context["chips"]]
    assert urls == [
        "/cases/?level=A&level=B", "/cases/?level=B&due=today", "/cases/?level=A&due=today",
    ]  # fmt: skip


def test_a_handler_is_looked_for_in_the_whole_unit(as_: As, actor: Who) -> None:
    other = actor("utredare2")
    theirs = make.in_progress(by=other)
    page = as_("utredare").get(f"/cases/?mine=both&handler={other.user_id}")
    assert [row.case.pk for group in page.context["groups"] for row in group["rows"]] == [theirs.pk]
    assert [chip["url"] for chip in page.context["chips"]] == ["/cases/?mine=both"]
    assert page.context["form"]["mine"].value() == "all"


# --- search ---------------------------------------------------------------------------------


def test_a_search_finds_by_reference_number_and_name(as_: As, actor: Who) -> None:
    number = make.number()
    case = make.case(
        by=actor("utredare"), number=number, given_name="Tindra", family_name="Fantasi"
    )
    make.case(by=actor("utredare"), given_name="Alva", family_name="Annan")
    client = as_("omradespolis")
    dashed = f"{number[:8]}-{number[8:]}"
    serial = str(int(case.reference.rsplit("-")[-1]))
    for text in (case.reference, case.reference.lower(), serial, number, dashed, number[2:],
                 "tindra", "Tindra Fantasi", "fanta"):  # fmt: skip
        assert listed(client, f"?q={text}") == [case.reference], text


def test_a_search_looks_among_all_cases_of_the_unit_closed_ones_too(as_: As, actor: Who) -> None:
    case = make.closed(by=actor("utredare"), supervisor=actor("polischef"), family_name="Fantasi")
    assert listed(as_("utredare2"), "?q=fantasi&mine=mine") == [case.reference]
    assert listed(as_("utredare.granne"), "?q=fantasi") == []


def test_a_search_is_one_line_that_never_says_what_was_typed(as_: As, actor: Who) -> None:
    number = make.number()
    case = make.case(by=actor("utredare"), number=number, family_name="Fantasi")
    client = as_("utredare")
    client.get(f"/cases/?q={number}")
    (line,) = searches(actor)
    assert line.detail == {"by": "number", "found": [case.reference]}
    assert (line.about_id, line.about) == (case.pk, case.reference)
    client.get("/cases/?q=fantasi")
    assert len(searches(actor)) == 2
    written = str([vars(line) for line in searches(actor)])
    assert number not in written
    assert "antasi" not in written


@pytest.mark.parametrize("text", ["20100512-2380", "a", "å b"])
def test_what_nobody_can_be_found_by_is_told_and_not_searched(
    as_: As, actor: Who, text: str
) -> None:
    page = as_("utredare").get(f"/cases/?q={text}")
    assert page.status_code == 422
    assert 'class="empty"' not in page.content.decode()
    assert searches(actor) == []


def test_the_list_alone_writes_no_line(as_: As, actor: Who) -> None:
    make.case(by=actor("utredare"))
    as_("utredare").get("/cases/")
    with make.acting(actor("utredare")):
        assert not Reading.objects.exists()


# --- pages ----------------------------------------------------------------------------------


def test_pages_follow_each_other_and_miss_nothing(
    as_: As, actor: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    utredare, chief = actor("utredare"), actor("polischef")
    made = [make.in_progress(by=utredare), make.prioritised(by=utredare, level="A")]
    made += [make.case(by=utredare), make.case(by=utredare), late(by=utredare)]
    made += [make.closed(by=utredare, supervisor=chief) for _ in range(3)]
    client = as_("utredare")
    url = "/cases/?" + "&".join(f"state={one}" for one in Case.STATES.values)
    seen: list[str] = []
    pages = 0
    while url:
        page = client.get(url)
        seen += [row.case.reference for one in page.context["groups"] for row in one["rows"]]
        assert page.context["page"].total == 8
        url = page.context["more_url"]
        pages += 1
    assert pages == 4
    assert len(seen) == 8
    assert set(seen) == {case.reference for case in made}
    assert set(seen[5:]) == {case.reference for case in made[5:]}  # closed ones come last


def test_a_changed_cursor_is_refused_in_words(as_: As, actor: Who) -> None:
    token = queue.Spot.of(make.case(by=actor("utredare"))).token()
    client = as_("utredare")
    assert client.get(f"/cases/?after={token}").status_code == 200
    assert client.get(f"/cases/?after=x{token}").status_code == 422
    assert client.get(f"/cases/?after={token[:-1]}").status_code == 422


def test_an_empty_list_says_why_and_leads_on(as_: As) -> None:
    page = as_("utredare").get("/cases/?mine=mine")
    assert page.context["empty"]["url"] == "/cases/?mine=unassigned"
    assert "/cases/?mine=unassigned" in page.content.decode()


def test_bands_and_their_conditions_agree() -> None:
    today = timezone.localdate()
    for days, band in [(-1, "overdue"), (0, "today"), (1, "week"), (7, "week"), (8, "later")]:
        assert queue.band_of(today + timedelta(days=days), today) == band


def test_a_restricted_case_is_in_the_list_of_those_named_for_it_only(
    as_: As, actor: Who, cast: dict[str, User]
) -> None:
    case, chief = make.case(by=actor("utredare")), actor("polischef")
    with make.acting(chief):
        until = moment.now() + timedelta(hours=3)
        open_grant(case, cast["utredare"], chief, "Känd av personalen.", until)
    with make.acting(actor("utredare")):
        case.restricted = True
        case.save()
    assert listed(as_("utredare")) == [case.reference]
    assert listed(as_("utredare2")) == []
    assert listed(as_("utredare2"), f"?q={case.reference}") == []


def test_a_number_searched_for_on_the_page_stands_in_no_address(actor: Who, as_: As) -> None:
    twelve = make.number()
    case = make.case(by=actor("utredare"), number=twelve)
    answer = as_("utredare").post("/cases/", {"q": f"{twelve[:8]}-{twelve[8:]}"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert case.reference in page
    assert not re.search(rf"(href|action)=\"[^\"]*{twelve[2:8]}", page)


def test_a_name_searched_for_on_the_page_is_an_address_to_share(as_: As) -> None:
    answer = as_("utredare").post("/cases/", {"q": "Åsa Öberg"})
    assert answer.status_code == 302
    assert answer["Location"] == "/cases/?q=%C3%85sa+%C3%96berg"
