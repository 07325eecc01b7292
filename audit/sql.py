"""Raw SQL of a migration lives in a file beside it: <migration>.sql, and <migration>_back.sql."""

from pathlib import Path

from django.db.migrations import RunSQL


def beside(migration: str) -> RunSQL:
    """The .sql of the migration file given (its `__file__`), with its way back if there is one."""
    forward = Path(migration).with_suffix(".sql")
    back = forward.with_name(f"{forward.stem}_back.sql")
    return RunSQL(
        forward.read_text(encoding="utf-8"),
        back.read_text(encoding="utf-8") if back.exists() else RunSQL.noop,
    )
