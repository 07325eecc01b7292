"""Do the lines still give the roots that were sealed, signed, and kept elsewhere?

A chain can't miss what is gone as a whole; the tree does. Every line is hashed again into it, in
the order (tx, source, id), and at each seal the root must be the one that was signed.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from audit.anchors import FORMAT
from audit.chain import Fault
from audit.checking import TABLES, Breach
from audit.merkle import HASH, MARK, Tree, leaf
from audit.seals import Seal
from audit.signing import genuine

COLUMNS = [field.attname for field in Seal._meta.concrete_fields if field.attname != "marks"]
SEALS = sql.SQL("SELECT {} FROM public.audit_seal WHERE number >= %s ORDER BY number").format(
    sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
)
# One field of 32 bytes a line: the leaf, as merkle.leaf() says it. In COPY's binary form 38 bytes.
LEAVES = sql.SQL(
    "COPY (SELECT sha256(set_byte('\\x0000', 1, source) || hash)"
    " FROM public.audit_leaf WHERE tx >= {tx} AND (tx, source, id) > ({tx}, {source}, {id})"
    " ORDER BY tx, source, id) TO STDOUT (FORMAT BINARY)"
)
ROW, HEADER = 6 + HASH, 19
BLOCK = 256  # rows held at once: more would wake the garbage collector for every block
UNDER = (
    "SELECT source, id, hash FROM public.audit_leaf WHERE tx BETWEEN %(from)s AND %(to)s"
    " AND (tx, source, id) > (%(from)s, %(from_source)s, %(from_id)s)"
    " AND (tx, source, id) <= (%(to)s, %(to_source)s, %(to_id)s) ORDER BY tx, source, id"
)
START = (-1, 0, 0)


class NoAnchor(Exception):
    """A file that is said to hold seals doesn't; says which."""


Keys = Mapping[str, bytes]


def read_seals(reader: psycopg.Connection, since: int = 0) -> list[Seal]:
    """The seals from a number on, without their marks."""
    with reader.cursor(row_factory=class_row(Seal)) as cursor:
        return cursor.execute(SEALS, [since]).fetchall()


def check_signatures(seals: list[Seal], keys: Keys) -> Breach | None:
    """The first seal that our key didn't sign, or that doesn't follow the one before."""
    before: Seal | None = None
    for seal in seals:
        public = keys.get(seal.key)
        signed = public and genuine(public, seal.statement(), bytes(seal.signature))
        if not signed or not (before is None or follows(before, seal)):
            return Breach(Fault.FORGED, f"seal {seal.number}")
        before = seal
    return None


def follows(before: Seal, seal: Seal) -> bool:
    """Number, size and root continue."""
    return (
        seal.number == before.number + 1
        and seal.previous_size == before.tree_size
        and bytes(seal.previous_root) == bytes(before.root)
        and seal.place > before.place
    )


def check_tree(
    reader: psycopg.Connection,
    seals: list[Seal],
    *,
    whole: bool = True,
    progress: Callable[[int], object] = lambda lines: None,
) -> tuple[int, Breach | None]:
    """Hash the lines again. Gives how many stand after the last seal, and the first breach.

    Unless `whole`, the first of the seals is believed, and lines are read from there on.
    """
    tree, place = Tree(), START
    if not whole and seals:
        first, *seals = seals
        tree, place = Tree(first.tree_size, bytes(first.peaks)), first.place
        if tree.root != bytes(first.root):
            return 0, Breach(Fault.FORGED, f"seal {first.number}")
    elif seals and seals[0].number != 1:
        return 0, Breach(Fault.MISSING, "seal 1")
    with Lines(reader, place, progress) as lines:
        for seal in seals:
            tree.extend(lines.take(seal.tree_size - tree.size))
            if tree.size != seal.tree_size or tree.root != bytes(seal.root):
                torn = seal
                break
            place = seal.place
        else:
            torn = None
        waiting = lines.rest()
    return waiting, broken_under(reader, torn, place) if torn else None


class Lines:
    """The leaves as they stand in the database, read as they are needed."""

    def __init__(
        self,
        reader: psycopg.Connection,
        after: tuple[int, int, int],
        progress: Callable[[int], object],
    ) -> None:
        self.reader, self.progress = reader, progress
        names = dict(zip(("tx", "source", "id"), after, strict=True))
        self.query = LEAVES.format(**names)
        self.waiting: list[bytes] = []

    def __enter__(self) -> "Lines":
        self.cursor = self.reader.cursor()
        self.copy = self.cursor.copy(self.query)
        self.rows = iter(self.copy.__enter__())
        self.more = self.blocks()
        return self

    def __exit__(self, *fault: Any) -> None:
        self.copy.__exit__(*fault)
        self.cursor.close()

    def blocks(self) -> Iterator[list[bytes]]:
        cut = HEADER
        while block := b"".join(islice(self.rows, BLOCK)):
            found = [block[at : at + HASH] for at in range(cut + 6, len(block) - HASH + 1, ROW)]
            cut = 0
            self.progress(len(found))
            yield found

    def take(self, count: int) -> list[bytes]:
        """The next leaves; fewer where there are no more."""
        while len(self.waiting) < count and (block := next(self.more, None)) is not None:
            self.waiting += block
        found, self.waiting = self.waiting[:count], self.waiting[count:]
        return found

    def rest(self) -> int:
        """How many are left."""
        return len(self.waiting) + sum(map(len, self.more))


def broken_under(reader: psycopg.Connection, seal: Seal, after: tuple[int, int, int]) -> Breach:
    """The first line under the seal that isn't as it was, by the marks that the seal kept."""
    where = {
        "from": after[0], "from_source": after[1], "from_id": after[2],
        "to": seal.last_tx, "to_source": seal.last_source, "to_id": seal.last_id,
    }  # fmt: skip
    rows = reader.execute(UNDER, where).fetchall()
    (marks,) = reader.execute(
        "SELECT marks FROM public.audit_seal WHERE number = %s", [seal.number]
    ).fetchone() or (b"",)
    kept = [marks[at : at + MARK] for at in range(0, len(marks), MARK)]
    found = [leaf(source, line_hash)[:MARK] for source, _, line_hash in rows]
    names = [f"{TABLES[source]} {id_}" for source, id_, _ in rows]
    return judge(kept, found, names, seal.number)


def judge(kept: list[bytes], found: list[bytes], names: list[str], number: int) -> Breach:
    """How the lines found under a seal differ from those that it was made of."""
    under = f"under seal {number}"
    at = next((i for i, (a, b) in enumerate(zip(kept, found, strict=False)) if a != b), None)
    if at is None:
        at = min(len(kept), len(found))
    if at == len(kept) == len(found):
        return Breach(Fault.FORGED, f"seal {number}")  # its marks fit, its root doesn't
    if sorted(kept) == sorted(found):
        return Breach(Fault.REORDERED, f"{names[at]} {under}")
    if len(found) > len(kept):
        return Breach(Fault.EXTRA, f"{names[at]} {under}")
    if len(found) < len(kept):
        neighbour = f"after {names[at - 1]}" if at else "the first"
        return Breach(Fault.MISSING, f"a line {neighbour} {under}")
    return Breach(Fault.ALTERED, f"{names[at]} {under}")


def check_anchors(seals: list[Seal], folder: Path, keys: Keys) -> tuple[int, Breach | None]:
    """Compare with the files that somebody outside has kept. Gives how many seals were compared.

    Raises NoAnchor where a file is none: it must not look as if it had been compared.
    """
    known, compared = {seal.number: seal for seal in seals}, 0
    for path in sorted(folder.glob("*.jsonl")):
        for kept in kept_in(path):
            seal = known.get(kept["number"])
            if seal is None:
                return compared, Breach(Fault.MISSING, f"seal {kept['number']}")
            if seal.record() != kept:
                return compared, Breach(Fault.FORKED, f"seal {seal.number}")
            compared += 1
    return compared, None


def kept_in(path: Path) -> list[dict[str, Any]]:
    """The seals in an anchor file. Raises NoAnchor."""
    try:
        head, *kept = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    except ValueError as nonsense:
        raise NoAnchor(f"{path} is no anchor file") from nonsense
    whole = all(isinstance(one, dict) and isinstance(one.get("number"), int) for one in kept)
    if not isinstance(head, dict) or head.get("format") != FORMAT or not kept or not whole:
        raise NoAnchor(f"{path} is no anchor file")
    return kept
