"""The integrity page after the worker has sealed and verified: no fault that axe can find."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from pytest_django import Settings

import tests
from access.actor import Actor
from audit import upkeep
from audit.signing import load, new_key
from tests import make
from tests.audit.scene import seal_all
from tests.e2e.conftest import DESKTOP, PHONE, Visit
from tests.e2e.test_accessible import faults, looks_whole


@pytest.mark.browser
def test_a_sealed_trails_page_is_whole_and_gives_the_file_without_javascript(
    visit: Visit, own_db: str, settings: Settings, tmp_path: Path, actor: Callable[[str], Actor]
) -> None:
    settings.DATABASE_SEALER_URL = tests.CLUSTER.url("fortur_sealer", own_db)
    settings.DATABASE_AUDITOR_URL = tests.CLUSTER.url("fortur_verify", own_db)
    settings.SEAL_KEY_FILE = tmp_path / "seal-key.pem"
    new_key(settings.SEAL_KEY_FILE)
    make.prioritised(actor("utredare"))
    with psycopg.connect(settings.DATABASE_SEALER_URL, autocommit=True) as sealer:
        seal_all(sealer, load(settings.SEAL_KEY_FILE), most=20)
    upkeep.verify_if_due(datetime.now(UTC))
    page = visit("dataskydd.social", javascript=False)
    page.goto("/audit/integrity/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Ladda ner dagens förseglingar").click()
    assert download.value.suggested_filename.startswith("fortur-forseglingar-")
    found = []
    for size in (PHONE, DESKTOP):
        for scheme in ("light", "dark"):
            page = visit("dataskydd.polis", viewport=size, color_scheme=scheme)
            page.goto("/audit/integrity/")
            found += faults(page) + looks_whole(page)
    assert found == []
