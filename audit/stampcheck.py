"""Are the time-stamps that are kept about our seals, and were they made by whom we asked?"""

from collections.abc import Iterable

import psycopg

from audit.chain import Fault
from audit.checking import Breach
from audit.seals import Seal
from audit.timestamp import Foreign, NoStamp, Roots, check

KEPT = """
    SELECT seal, tree_size, root, token, stamped_at FROM public.audit_anchor
    WHERE kind = 'timestamp' AND seal >= %s ORDER BY seal, id
"""


def check_stamps(
    reader: psycopg.Connection, seals: Iterable[Seal], roots: Roots, since: int = 0
) -> tuple[int, Breach | None]:
    """Look at every token from a seal on. Gives how many, and the first that is broken.

    Without `roots` their signatures are not checked.
    """
    known, looked = {seal.number: seal for seal in seals}, 0
    with reader.cursor() as cursor:
        for number, *row in cursor.stream(KEPT, [since]):
            seal = known.get(number)
            if seal is None:
                return looked, Breach(Fault.MISSING, f"seal {number}")
            if fault := wrong(seal, roots, *row):
                return looked, Breach(fault, f"time-stamp on seal {number}")
            looked += 1
    return looked, None


def wrong(
    seal: Seal, roots: Roots, size: int, root: bytes, token: bytes, at: object
) -> Fault | None:
    """What is wrong with a row that is said to hold a time-stamp on the seal."""
    try:
        found = check(bytes(token), seal.statement(), roots)
    except Foreign:
        return Fault.FORKED
    except NoStamp:
        return Fault.FORGED
    said = (size, bytes(root), at)
    return None if said == (seal.tree_size, bytes(seal.root), found.at) else Fault.ALTERED
