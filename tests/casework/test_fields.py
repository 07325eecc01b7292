"""Fields whose bounds are set when a form is made."""

from datetime import date, timedelta

from django import forms

from casework.forms.fields import Day

TODAY = date(2026, 11, 23)
WEEK_AGO = TODAY - timedelta(days=7)


class Asked(forms.Form):
    day = Day()


def asked(first: date) -> Asked:
    form = Asked({"day": WEEK_AGO.isoformat()})
    field = form.fields["day"]
    assert isinstance(field, Day)
    field.between(first, TODAY, "Not that day.")
    return form


def test_a_day_is_judged_by_its_own_forms_bounds_only() -> None:
    assert not asked(TODAY).is_valid()
    assert asked(WEEK_AGO).is_valid()  # the same page for another case, or the next day
