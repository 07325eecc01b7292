"""A ciphertext opens only in its place, unchanged, with our keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from access import crypto

PLACE = "casework_person.number_cipher:1"
ELSEWHERE = "casework_person.number_cipher:2"


@pytest.fixture
def key_file(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.KEY_FILE = tmp_path / "keys.json"
    crypto.new_keys(settings.KEY_FILE)
    yield settings.KEY_FILE
    crypto.load.cache_clear()


def test_what_was_encrypted_opens_in_its_place(key_file: Path) -> None:
    blob = crypto.encrypt("20100101-2380", PLACE)
    assert b"2380" not in blob
    assert crypto.decrypt(blob, PLACE) == "20100101-2380"


def test_the_same_text_never_looks_the_same(key_file: Path) -> None:
    assert crypto.encrypt("text", PLACE) != crypto.encrypt("text", PLACE)


def test_every_flipped_bit_is_found(key_file: Path) -> None:
    blob = crypto.encrypt("text", PLACE)
    for position in range(len(blob) * 8):
        bent = bytearray(blob)
        bent[position // 8] ^= 1 << position % 8
        with pytest.raises(crypto.Tampered):
            crypto.decrypt(bytes(bent), PLACE)


def test_a_ciphertext_moved_to_another_row_is_found(key_file: Path) -> None:
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(crypto.encrypt("text", PLACE), ELSEWHERE)


def test_any_text_comes_back(key_file: Path) -> None:
    @given(st.text())
    def comes_back(text: str) -> None:
        assert crypto.decrypt(crypto.encrypt(text, PLACE), PLACE) == text

    comes_back()


def test_a_blind_index_finds_within_one_authority_only(key_file: Path) -> None:
    index = crypto.blind_index(1, "201001012380")
    assert len(index) == 32
    assert index == crypto.blind_index(1, "201001012380")
    assert index != crypto.blind_index(2, "201001012380")
    assert index != crypto.blind_index(1, "201001012381")


def test_after_rotation_old_rows_open_and_new_ones_use_the_new_key(key_file: Path) -> None:
    old, index = crypto.encrypt("text", PLACE), crypto.blind_index(1, "x")
    crypto.rotate(key_file)
    new = crypto.encrypt("text", PLACE)
    assert crypto.decrypt(old, PLACE) == crypto.decrypt(new, PLACE) == "text"
    assert old[:5] != new[:5]  # the first bytes name the key
    assert crypto.blind_index(1, "x") == index
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_others_may_read_is_refused(key_file: Path) -> None:
    key_file.chmod(0o640)
    with pytest.raises(ImproperlyConfigured):
        crypto.encrypt("text", PLACE)


def test_a_missing_key_file_is_said(tmp_path: Path, settings: Settings) -> None:
    settings.KEY_FILE = tmp_path / "none.json"
    with pytest.raises(ImproperlyConfigured, match="make_keys"):
        crypto.encrypt("text", PLACE)


def test_keys_are_never_made_over_others(key_file: Path) -> None:
    before = key_file.read_bytes()
    call_command("make_keys", if_missing=True)
    with pytest.raises(CommandError):
        call_command("make_keys")
    assert key_file.read_bytes() == before
