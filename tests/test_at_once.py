"""Two people, one moment: one of them is first, the other is told, and nothing happens twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from django.test import Client

from casework.models import Case, Observation, Person
from tests import make
from tests.pages import Find, Login, steps
from tests.test_flag import seen

MANY = 6


def at_once(acts: list[Callable[[], int]]) -> Counter[int]:
    """Do all of it in threads that start together; how often each status came."""
    start = Barrier(len(acts))

    def run(act: Callable[[], int]) -> int:
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def posting(client: Client, path: str, sent: dict[str, str]) -> Callable[[], int]:
    return lambda: client.post(path, sent).status_code


def test_one_starts_the_case_and_the_others_are_told(own_db: str, as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"))
    path = f"/cases/{case.pk}/steps/start/"
    names = ("utredare", "utredare2")
    came = at_once([posting(as_(names[n % 2]), path, {"version": "1"}) for n in range(MANY)])
    assert came == {302: 1, 409: MANY - 1}
    taken = [line.step for line in steps(actor("utredare"), about_id=case.pk)]
    assert taken == ["flag", "prioritise", "start"]


def test_one_observation_although_it_is_sent_many_times(
    own_db: str, as_: Login, actor: Find
) -> None:
    sent = seen(personal_number=make.number())
    came = at_once([posting(as_("utredare"), "/cases/new/", sent) for _ in range(MANY)])
    assert set(came) <= {200, 302}
    with make.acting(actor("utredare")):
        assert (Person.objects.count(), Case.objects.count()) == (1, 1)
        assert Observation.objects.count() == 1


def test_a_case_is_not_reopened_beside_another(own_db: str, as_: Login, actor: Find) -> None:
    twelve = make.number()
    old = [make.closed(actor("utredare"), actor("polischef"), number=twelve) for _ in range(3)]
    again = {"reason": "Nya uppgifter."}
    came = at_once(
        [posting(as_("polischef"), f"/cases/{one.pk}/steps/reopen/", again) for one in old]
    )
    assert came[302] == 1
    assert set(came) <= {302, 409, 422}
    with make.acting(actor("utredare")):
        assert Case.objects.filter(is_open=True).count() == 1
