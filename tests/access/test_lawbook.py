"""docs/law.md tells the legal grounds as the rows have them."""

from pathlib import Path

import pytest
from django.utils import timezone

from access import lawbook

PAGE = Path(__file__).resolve().parents[2] / "docs" / "law.md"


@pytest.mark.django_db
def test_the_documents_tables_equal_the_rows() -> None:
    said = PAGE.read_text(encoding="utf-8")
    for table in lawbook.markdown(timezone.localdate()).split("\n\n"):
        assert table in said
