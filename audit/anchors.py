"""The files that the other authority keeps: one a day, seals only, no personal data.

JSON lines: the first says what the file is, each other is a seal as `Seal.record` gives it. What
is kept there can't be rewritten here.
"""

import json
from collections.abc import Iterable
from datetime import date

from audit.seals import Seal
from audit.signing import key_id

FORMAT = "fortur anchor 1"


def anchor_file(
    seals: Iterable[Seal], day: date, kept_by: str, public_keys: Iterable[bytes]
) -> bytes:
    """A day's seals, for the authority that will keep them (its kind: police, social)."""
    head = {
        "format": FORMAT,
        "day": day.isoformat(),
        "kept_by": kept_by,
        "public_keys": {key_id(public): public.hex() for public in public_keys},
    }
    records = [head, *(seal.record() for seal in seals)]
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()
