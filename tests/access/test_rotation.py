"""A rotation writes every encrypted column anew, in every unit, and leaves row security on."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from pytest_django import Settings

import tests
from access import crypto
from access.actor import Actor
from access.models import User
from access.second_factor import MFAAdapter
from access.session import acting_as
from casework.models import Delivery, Disclosure, Person
from tests import letters, make

Actors = Callable[[str], Actor]


@pytest.fixture
def key_file(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.KEY_FILE = tmp_path / "keys.json"
    crypto.new_keys(settings.KEY_FILE)
    yield settings.KEY_FILE
    crypto.load.cache_clear()


def rotate(database: str, key_file: Path) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "rotate_keys", "--verbosity=0"],
        cwd=tests.PROJECT, check=True, capture_output=True,
        env=os.environ | {"DATABASE_OWNER_URL": tests.CLUSTER.url("fortur_owner", database),
                          "FORTUR_KEY_FILE": str(key_file)},
    )  # fmt: skip


def test_every_row_is_written_anew_and_opens(
    own_db: str, key_file: Path, superuser: psycopg.Connection, actor: Actors
) -> None:
    number = make.number()
    for name in ("utredare", "socialsekreterare", "utredare.granne"):
        make.case(by=actor(name), number=number)
    secret = generate_totp_secret()
    TOTP.activate(User.objects.get(username="utredare"), secret)
    before = ciphers(superuser)
    rotate(own_db, key_file)
    after = ciphers(superuser)
    assert len(after) == 4
    assert {blob[:5] for blob in before}.isdisjoint({blob[:5] for blob in after})
    mine = actor("utredare")
    with transaction.atomic(), acting_as(mine):
        assert Person.objects.get().number() == number
    assert MFAAdapter().decrypt(Authenticator.objects.get().data["secret"]) == secret
    forced = superuser.execute(
        "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class"
        " WHERE relname IN ('casework_person', 'casework_flagfile')"
    )
    assert forced.fetchall() == [(True,), (True,)]


def test_a_new_key_leaves_both_copies_of_what_was_sent_as_they_were(
    own_db: str, key_file: Path, actor: Actors
) -> None:
    by, there = actor("utredare"), actor("socialsekreterare")
    made = letters.sent(make.case(by), by, text="Sågs ensam.")
    rotate(own_db, key_file)
    with make.acting(by):
        mine = Disclosure.objects.get(pk=made.pk)
    with make.acting(there):
        theirs = Delivery.objects.get(disclosure_id=made.pk)
    assert made.content is not None
    assert mine.content is not None
    assert bytes(mine.content) != bytes(made.content)
    assert mine.sent_text == theirs.text
    assert theirs.is_whole()


def ciphers(superuser: psycopg.Connection) -> list[bytes]:
    found = superuser.execute(
        "SELECT number_cipher FROM casework_person"
        " UNION ALL SELECT decode(data ->> 'secret', 'hex') FROM mfa_authenticator"
    )
    return [bytes(blob) for (blob,) in found.fetchall()]
