"""What can be wrong with a row of an import file, in words: what it is and how to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from casework.models import Observation

CHOICES = {"kind": Observation.Kind, "source": Observation.Source}
ONE_OF = _("Write one of: %(choices)s.")
WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    # code: what is wrong, how to mend it
    "columns": (
        _("The row has %(found)s columns, the headers are %(expected)s."),
        _("A separator or a quotation mark is missing or too many."),
    ),
    "quote": (
        _("One cell of this row has swallowed the rows after it."),
        _('Close the quotation mark (") in it.'),
    ),
    "not_text": (
        _("“%(column)s” holds a character that is not text (NUL, say)."),
        _("Remove it."),
    ),
    "lost_letter": (
        _("“%(column)s” holds a letter that was lost on the way (�)."),
        _("Write it again."),
    ),
    "too_long": (
        _("“%(column)s” has %(length)s characters, %(most)s at most are allowed."),
        _("Shorten it."),
    ),
    "number": (
        "%(why)s",
        _("Correct it, or give both names and the birth date instead."),
    ),
    "no_person": (
        _("It doesn’t say who."),
        _("Give a personal number, or given name, family name and birth date."),
    ),
    "half_person": (
        _("Without a personal number it takes both names and the birth date."),
        _("Fill in: %(missing)s."),
    ),
    "birth_date": (_("The birth date can’t be read."), _("Write it like 2010-05-13.")),
    "other_birth": (
        _("The birth date is not the one in the personal number."),
        _("Correct the one that is wrong."),
    ),
    "no_place": (_("The place is missing."), _("Write one of the places on our list.")),
    "unknown_place": (
        _("“%(place)s” is not on our list of places."),
        _("Write a place on the list, or ask an administrator to add this one."),
    ),
    "closed_place": (
        _("“%(place)s” is no longer in use."),
        _("Write another place on the list, or ask an administrator."),
    ),
    "no_time": (_("The time is missing."), _("Write it like 2026-08-27 20:50.")),
    "date_only": (_("There is a date but no time of day."), _("Write it like 2026-08-27 20:50.")),
    "bad_time": (_("The time can’t be read."), _("Write it like 2026-08-27 20:50.")),
    "no_such_time": (
        _("There was no such time: the clocks went forward then."),
        _("Check the time of day."),
    ),
    "future": (_("The time is still to come."), _("Check the year, the day and the time.")),
    "unborn": (
        _("It was seen before the birth date."),
        _("Check the birth date and the time."),
    ),
    "adult": (
        _("The person was %(age)s years old; this work is about people under %(limit)s."),
        _("Check the birth date. If it is right, the flag doesn’t belong here."),
    ),
    "no_kind": (_("What was seen is missing."), ONE_OF),
    "unknown_kind": (_("“%(written)s” is not a kind of observation that we know."), ONE_OF),
    "no_source": (_("The source is missing."), ONE_OF),
    "unknown_source": (_("“%(written)s” is not a source that we know."), ONE_OF),
    "no_suspicion": (
        _("It doesn’t say whether the person is suspected."),
        _("Write yes or no."),
    ),
    "unknown_suspicion": (
        _("“%(written)s” doesn’t say whether the person is suspected."),
        _("Write yes or no."),
    ),
    "repeat": (_("It is the same as row %(row)s."), _("Nothing to do: that row counts.")),
    "not_saved": (
        _("It could not be saved."),
        _("Ask your supervisor to save it."),
    ),
    # notes: the row is taken
    "twice": (
        _("That time came twice, when the clocks went back."),
        _("It is read as the first of the two."),
    ),
    "namesake": (
        _("Your files have somebody else with this name and birth date."),
        _("The row makes a new person. Check afterwards that they are two."),
    ),
    "namesake_in_file": (
        _("Row %(row)s has the same name and birth date, with another or no number."),
        _("Check that they are two."),
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A code of WORDS and what its words name. Holds no personal number and no name."""

    code: str
    params: dict[str, Any]

    @property
    def what(self) -> str:
        return self._say(WORDS[self.code][0])

    @property
    def mend(self) -> str:
        return self._say(WORDS[self.code][1])

    def __str__(self) -> str:
        return f"{self.what} {self.mend}".strip()

    def _say(self, words: str | Promise) -> str:
        said = dict(self.params)
        if "why" in said:
            said["why"] = gettext(said["why"])
        if "missing" in said:
            said["missing"] = ", ".join(said["missing"])
        for name in {"length", "most"} & set(said):
            said[name] = number_format(said[name], force_grouping=True)
        if choices := CHOICES.get(self.code.partition("_")[2]):
            said["choices"] = ", ".join(str(label).lower() for label in choices.labels)
        return str(words) % said


def columns_missing(names: Sequence[Sequence[str]]) -> tuple[str, str]:
    """`names`: per column what it may be called."""
    listed = ", ".join(pgettext("column", " or ").join(each) for each in names)
    return (
        gettext("These columns are missing: %(columns)s.") % {"columns": listed},
        gettext("Add them to the first row, with what they hold below."),
    )


def columns_twice(headers: Sequence[str]) -> tuple[str, str]:
    return (
        gettext("These columns are there twice: %(columns)s.") % {"columns": ", ".join(headers)},
        gettext("Remove one of each."),
    )
