"""Ages: at the deed and now, and what follows."""

from datetime import date

import pytest

from casework import ages

BORN = date(2010, 3, 15)


@pytest.mark.parametrize(
    ("first", "last", "under_15", "inside", "words"),
    [
        (date(2025, 3, 14), date(2025, 3, 14), True, False, "14 år"),
        (date(2025, 3, 15), date(2025, 3, 15), False, False, "15 år"),
        (date(2025, 3, 1), date(2025, 3, 31), False, True, "14–15 år"),
        (date(2021, 3, 1), date(2022, 3, 31), True, False, "10–12 år"),
        (date(2025, 3, 15), date(2026, 3, 15), False, False, "15–16 år"),
    ],
)
def test_the_age_at_the_deed(
    first: date, last: date, under_15: bool, inside: bool, words: str
) -> None:
    found = ages.at_the_deed(BORN, first, last)
    assert (found.under_15, found.birthday_inside, found.in_words) == (under_15, inside, words)


def test_a_birthday_on_the_29th_of_february() -> None:
    assert ages.birthday(date(2012, 2, 29), 15) == date(2027, 3, 1)
    assert ages.at_the_deed(date(2012, 2, 29), date(2027, 2, 28), date(2027, 2, 28)).under_15
    assert ages.birthday(BORN, 15) == date(2025, 3, 15)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2021, 5, 1), date(2021, 5, 1), "Under 12 vid gärningen"),
        (date(2024, 5, 1), date(2024, 5, 1), "Under 15 vid gärningen"),
        (date(2025, 3, 1), date(2025, 4, 1), "Fyllde 15"),
        (date(2026, 5, 1), date(2026, 5, 1), "15 eller äldre"),
    ],
)
def test_what_the_age_at_the_deed_means(first: date, last: date, said: str) -> None:
    assert ages.deed_consequence(ages.at_the_deed(BORN, first, last)).startswith(said)


@pytest.mark.parametrize(
    ("age", "police", "social"),
    [
        (11, "Under 18 nu", "Under 12"),
        (13, "Under 18 nu", "12 till 14"),
        (17, "Under 18 nu", "15 till 17"),
        (18, "18 till 20 nu", "18 till 20"),
        (21, "21 eller äldre", "21 eller äldre"),
    ],
)
def test_what_the_age_now_means(age: int, police: str, social: str) -> None:
    assert ages.police_consequence(age).startswith(police)
    assert ages.social_consequence(age).startswith(social)
