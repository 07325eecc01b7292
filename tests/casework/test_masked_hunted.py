"""However a letter writes a personal number, its last digits are hidden; other figures are not."""

import pytest

from casework.identity import masked


@pytest.mark.parametrize(
    "between",
    ["", "-", "+", " ", " - ", "–", "\u2212", "\u00ad", "\u00a0", "\u202f-\u202f", "\n", "-\r\n",
     "\t", "\u200b", "\u2060-", "\u2011"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["20", ""])
def test_a_number_is_hidden_however_it_is_written(before: str, between: str) -> None:
    text = f"Numret är {before}100512{between}2385."
    assert masked(text) == f"Numret är {before}100512{between}****."


@pytest.mark.parametrize(
    "text", ["Ring 08-123 45 67 89.", "Dnr 123456-12345", "20100512-2386", "1100512-23850"]
)
def test_what_is_no_number_stays(text: str) -> None:
    assert masked(text) == text
