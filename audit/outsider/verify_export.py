"""Verifies an exported trail on any machine with Python ≥ 3.11, and nothing else.

    python3 verify_export.py verify DIR --key HEX [--anchor FILE ...]
    python3 verify_export.py prove-line DIR "step 41" > proof.json
    python3 verify_export.py prove-growth DIR 7 19 > proof.json
    python3 verify_export.py check proof.json --key HEX [--anchor FILE ...] [--text FILE]

DIR comes from `manage.py export_trail`. HEX is the sealer's public key: take it from the paper that
you were given, not from the export. FILEs are the anchors that you have kept yourself. What the
files hold and what all this proves: docs/outsider.md. Exit: 0 whole, 1 broken, 2 asked wrongly.

This file shares no code with the service: it is a second opinion (RFC 9162, RFC 8032, RFC 6962).
"""

import json
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from hashlib import sha256, sha512
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

TABLES = ("step", "change", "reading")
Seal = dict[str, Any]


class Broken(Exception):
    """What is broken, and how."""


# --- Ed25519, verification only (RFC 8032, 5.1.7) --------------------------------------------
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # X, Y, Z, T: x = X/Z, y = Y/Z, xy = T/Z


def add(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        result = add(result, point) if number & 1 else result
        number, point = number >> 1, add(point, point)
    return result


def point_of(text: bytes) -> Point | None:
    """The point that 32 bytes name; None if they name none."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def genuine(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the private half of `public` (32 bytes) made the signature (64 bytes)."""
    if len(public) != 32 or len(signature) != 64 or BASE is None:
        return False
    key, nonce = point_of(public), point_of(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or number >= ORDER:
        return False
    asked = int.from_bytes(sha512(signature[:32] + public + text).digest(), "little") % ORDER
    one, two = times(number, BASE), add(nonce, times(asked, key))
    return all((one[axis] * two[2] - two[axis] * one[2]) % P == 0 for axis in (0, 1))


# --- the Merkle tree (RFC 9162, 2.1) ---------------------------------------------------------
def leaf(source: int, line_hash: bytes) -> bytes:
    return sha256(b"\x00" + bytes([source]) + line_hash).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaves."""
    if not leaves:
        return sha256().digest()
    level = list(leaves)
    while len(level) > 1:
        pairs = [node(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def inclusion(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """2.1.3.1: what is needed beside a leaf to come to the root."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*inclusion(index, leaves[:k]), root(leaves[k:])]
    return [*inclusion(index - k, leaves[k:]), root(leaves[:k])]


def included(one: bytes, index: int, size: int, path: Sequence[bytes], top: bytes) -> bool:
    """2.1.3.2: whether the path leads from the leaf to the root."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, one
    for other in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node(other, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == top


def consistency(first: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """2.1.4.1: what is needed to come from the root at size `first` to the root over all."""
    if first == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if first <= k:
        return [*consistency(first, leaves[:k], whole), root(leaves[k:])]
    return [*consistency(first - k, leaves[k:], False), root(leaves[:k])]


def extends(
    first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """2.1.4.2: whether the tree of size `second` begins with the tree of size `first`."""
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second or not path:
        return False
    steps = [first_root, *path] if first & (first - 1) == 0 else list(path)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(other, old), node(other, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


# --- the export ------------------------------------------------------------------------------
class Line(NamedTuple):
    """One line of lines.tsv: its place, its hash, and a step's place in its chain."""

    tx: int
    source: int
    id: int
    hash: bytes
    thing: str
    seq: int
    before: bytes

    @property
    def name(self) -> str:
        return f"{TABLES[self.source]} {self.id}"


def read_lines(folder: Path) -> Iterator[Line]:
    with (folder / "lines.tsv").open(encoding="ascii") as file:
        for text in file:
            *place, line_hash, thing, seq, before = text.rstrip("\n").split("\t")
            tx, source, id_ = map(int, place)
            one, last = bytes.fromhex(line_hash), bytes.fromhex(before)
            yield Line(tx, source, id_, one, thing, int(seq or 0), last)


def read_records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def statement(seal: Seal) -> bytes:
    """The text that is signed."""
    return (
        "fortur seal 1\n"
        f"number {seal['number']}\nsize {seal['size']}\nroot {seal['root']}\n"
        f"previous {seal['previous_size']} {seal['previous_root']}\n"
        f"lines {' '.join(map(str, seal['lines']))}\nlast {' '.join(map(str, seal['last']))}\n"
        f"at {seal['at']}\nkey {seal['key']}\n"
    ).encode()


def check_signature(seal: Seal, keys: dict[str, bytes]) -> None:
    public = keys.get(seal["key"])
    if not public or not genuine(public, statement(seal), bytes.fromhex(seal["signature"])):
        raise Broken(f"seal {seal['number']} is forged: not signed with the key that you gave")


def check_seals(seals: list[Seal], keys: dict[str, bytes]) -> None:
    """Numbers, sizes and roots continue; every signature is the key's."""
    size, before = 0, sha256().hexdigest()
    for number, seal in enumerate(seals, 1):
        if seal["number"] != number:
            raise Broken(f"seal {number} is missing")
        if (seal["previous_size"], seal["previous_root"]) != (size, before):
            raise Broken(f"seal {number} does not continue the one before")
        check_signature(seal, keys)
        size, before = seal["size"], seal["root"]


def seals_in(path: Path) -> list[Seal]:
    """What an anchor file holds beside its first row."""
    if not (kept := [one for one in read_records(path) if "root" in one]):
        raise Broken(f"{path} holds no seal: there is nothing to compare")
    return kept


def check_anchors(seals: Iterable[Seal], files: list[Path]) -> int:
    """What you have kept is what the export says. Gives how many seals were compared."""
    known = {seal["number"]: seal for seal in seals}
    held = [(path.name, kept) for path in files for kept in seals_in(path)]
    for name, kept in held:
        if kept["number"] not in known:
            raise Broken(f"seal {kept['number']}, which {name} holds, is missing (or younger)")
        if kept != known[kept["number"]]:
            raise Broken(f"seal {kept['number']} is not the one that {name} holds")
    return len(held)


def in_order(lines: Iterable[Line]) -> Iterator[Line]:
    """Each line stands after the one before it, and a step continues its chain."""
    place, heads = (-1, 0, 0), dict[str, tuple[int, bytes]]()
    for line in lines:
        if line[:3] <= place:
            raise Broken(f"{line.name} stands out of order")
        place = line[:3]
        if line.source == 0:
            seq, last = heads.get(line.thing, (-1, b""))
            if (line.seq, line.before) != (seq + 1, last):
                raise Broken(f"{line.name} does not continue {line.thing}/{seq}")
            heads[line.thing] = (line.seq, line.hash)
        yield line


def check_lines(lines: Iterable[Line], seals: list[Seal]) -> tuple[int, int]:
    """The lines under each seal give its root. Gives how many lines, and how many unsealed."""
    rest, peaks, size = in_order(lines), list[bytes](), 0
    for seal in seals:
        for line in islice(rest, seal["size"] - size):
            below, full = leaf(line.source, line.hash), size
            while full & 1:
                below, full = node(peaks.pop(), below), full >> 1
            peaks.append(below)
            size += 1
        top = reduce(lambda right, left: node(left, right), reversed(peaks))
        if size < seal["size"]:
            raise Broken(f"lines are missing: {size} are here, seal {seal['number']} has more")
        if top.hex() != seal["root"] or list(line[:3]) != seal["last"]:
            raise Broken(
                f"a line between number {seal['previous_size'] + 1} and {size}, under seal"
                f" {seal['number']}, was changed, moved, added or removed"
            )
    unsealed = sum(1 for _ in rest)
    return size + unsealed, unsealed


def verify(asked: Namespace) -> str:
    if not (seals := read_records(asked.dir / "seals.jsonl")):
        raise Broken("no seal is in the export: it proves nothing")
    check_seals(seals, asked.keys)
    compared = check_anchors(seals, asked.anchor)
    lines, unsealed = check_lines(read_lines(asked.dir), seals)
    return (
        f"whole: {lines} lines, {len(seals)} seals, {unsealed} lines not sealed yet,"
        f" {compared} seals compared with yours\n"
    )


def prove_line(asked: Namespace) -> str:
    """The proof is under the first seal that covers the line."""
    seals, lines = read_records(asked.dir / "seals.jsonl"), list(read_lines(asked.dir))
    if (index := next((at for at, one in enumerate(lines) if one.name == asked.line), -1)) < 0:
        raise Broken(f"{asked.line} is not in the export")
    if not (seal := next((one for one in seals if one["size"] > index), None)):
        raise Broken(f"{asked.line} is not sealed yet")
    leaves = [leaf(line.source, line.hash) for line in lines[: seal["size"]]]
    one, path = lines[index], [other.hex() for other in inclusion(index, leaves)]
    proof = {"kind": "inclusion", "line": one.name, "source": one.source, "seal": seal}
    proof |= {"hash": one.hash.hex(), "before": one.before.hex(), "index": index, "path": path}
    return json.dumps(proof, indent=1) + "\n"


def prove_growth(asked: Namespace) -> str:
    seals = {seal["number"]: seal for seal in read_records(asked.dir / "seals.jsonl")}
    if not {asked.first, asked.second} <= seals.keys() or asked.first > asked.second:
        raise Broken("no such seals, or in the wrong order")
    first, second = seals[asked.first], seals[asked.second]
    leaves = [leaf(one.source, one.hash) for one in islice(read_lines(asked.dir), second["size"])]
    path = [other.hex() for other in consistency(first["size"], leaves)]
    proof = {"kind": "consistency", "first": first, "second": second, "path": path}
    return json.dumps(proof, indent=1) + "\n"


def check(asked: Namespace) -> str:
    """A proof holds, its seals are signed, and they are among those that you keep, if you do."""
    proof = json.loads(asked.proof.read_text(encoding="utf-8"))
    path = [bytes.fromhex(other) for other in proof["path"]]
    seals = [proof[name] for name in ("seal", "first", "second") if name in proof]
    for seal in seals:
        check_signature(seal, asked.keys)
    said = kept_among(seals, asked.anchor)
    if proof["kind"] == "inclusion":
        return check_inclusion(proof, path, asked.text) + said
    first, second = seals
    old, new = (bytes.fromhex(seal["root"]) for seal in seals)
    if not extends(first["size"], old, second["size"], new, path):
        raise Broken("the later state does not extend the earlier one")
    return f"holds: the {second['size']} lines begin with the {first['size']} lines; {said}"


def check_inclusion(proof: dict[str, Any], path: list[bytes], text: Path | None) -> str:
    line_hash, seal = bytes.fromhex(proof["hash"]), proof["seal"]
    one, top = leaf(proof["source"], line_hash), bytes.fromhex(seal["root"])
    if not included(one, proof["index"], seal["size"], path, top):
        raise Broken(f"{proof['line']} is not under seal {seal['number']}")
    if text and sha256(bytes.fromhex(proof["before"]) + text.read_bytes()).digest() != line_hash:
        raise Broken(f"{text} is not what {proof['line']} says")
    said = " and says what the text says" if text else ""
    return f"holds: {proof['line']} is line {proof['index'] + 1} of {seal['size']}{said}; "


def kept_among(seals: list[Seal], files: list[Path]) -> str:
    kept = [one for path in files for one in seals_in(path)]
    if files and not all(seal in kept for seal in seals):
        raise Broken("its seal is not among those that you keep")
    return "its seals are among those that you keep\n" if files else "not compared with yours\n"


def options() -> ArgumentParser:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(required=True)
    for act in (verify, prove_line, prove_growth, check):
        one = acts.add_parser(name := act.__name__.replace("_", "-"))
        one.set_defaults(act=act, keys={})
        one.add_argument("proof" if name == "check" else "dir", type=Path)
        if name == "prove-line":
            one.add_argument("line", help='"step 41", "change 7" or "reading 12"')
        if name == "prove-growth":
            one.add_argument("first", type=int, help="a seal's number")
            one.add_argument("second", type=int, help="a later seal's number")
        if name in ("verify", "check"):
            one.add_argument("--key", action="append", required=True, type=bytes.fromhex)
            one.add_argument("--anchor", action="append", type=Path, default=[])
        if name == "check":
            one.add_argument("--text", type=Path, help="what the line says, if you were given it")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Exits with the reason if anything is broken."""
    asked = options().parse_args(arguments)
    asked.keys = {sha256(key).hexdigest()[:16]: key for key in getattr(asked, "key", [])}
    try:
        sys.stdout.write(asked.act(asked))
    except Broken as fault:
        sys.exit(f"BROKEN: {fault}")
    except OSError as fault:
        options().error(f"can't read {fault.filename}: {fault.strerror}")
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as fault:
        sys.exit(f"BROKEN: a file is not as it should be ({type(fault).__name__}: {fault})")


if __name__ == "__main__":
    main()
