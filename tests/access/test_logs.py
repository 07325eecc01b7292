"""The operational log tells where a fault was, and nothing about anybody."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from casework.views import case as case_view
from tests import make
from tests.pages import Find, Login


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the service's own handler writes."""
    written = io.StringIO()
    handler = next(one for one in logging.getLogger().handlers if one.name == "console")
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.django_db
def test_a_fault_is_told_without_its_message(
    as_: Login, actor: Find, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    twelve = make.number()
    case = make.case(actor("utredare"), number=twelve)

    def broken(*_: object) -> None:
        try:
            int(f"{twelve} Alva")
        except ValueError as fault:
            raise RuntimeError(f"Failing row contains ({twelve}, Alva)") from fault

    monkeypatch.setattr(case_view, "page_of", broken)
    client: Client = as_("utredare")
    client.raise_request_exception = False
    assert client.get(f"/cases/{case.pk}/").status_code == 500
    told = log.getvalue()
    assert "ValueError\n" in told
    assert "RuntimeError\n" in told
    assert f"/cases/{case.pk}/" in told
    assert "test_logs.py" in told
    assert twelve not in told
    assert "Alva" not in told.replace("{twelve} Alva", "").replace("{twelve}, Alva", "")
