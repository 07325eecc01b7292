"""The Merkle tree of RFC 9162, 2.1, as far as sealing needs it: append leaves, say the root.

A tree is kept as its right edge: the roots of its complete subtrees, largest first, one for each
bit of its size. Proofs are made and checked by the outsider's script, which shares no code.
"""

from collections.abc import Iterable
from hashlib import sha256

HASH = 32  # bytes
EMPTY = sha256().digest()  # the root of a tree without leaves
MARK = 4  # bytes of a leaf that a seal keeps to name a broken line; they prove nothing


def leaf(source: int, line_hash: bytes) -> bytes:
    """A line's leaf: 0x00 marks it, the next byte says which table it stands in."""
    return sha256(b"\x00" + bytes([source]) + line_hash).digest()


def node(left: bytes, right: bytes) -> bytes:
    """What stands above two subtrees: 0x01 marks it, so that no leaf can pass for it."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: bytes = b"") -> None:
        if len(peaks) != size.bit_count() * HASH:
            raise ValueError("these peaks are not those of a tree of that size")
        self.size = size
        self.peaks = [peaks[at : at + HASH] for at in range(0, len(peaks), HASH)]

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append leaves, in their order: level by level, so that nodes are made in one go."""
        nodes, size, edge = list(leaves), self.size, []
        self.size += len(nodes)
        while nodes:
            if size & 1:
                nodes.insert(0, self.peaks.pop())
            if len(nodes) & 1:
                edge.append(nodes.pop())
            two = iter(nodes)
            nodes = [sha256(b"\x01" + a + b).digest() for a, b in zip(two, two, strict=True)]
            size >>= 1
        self.peaks += reversed(edge)

    @property
    def root(self) -> bytes:
        """The root as it is now."""
        if not self.peaks:
            return EMPTY
        *left, root = self.peaks
        for peak in reversed(left):
            root = node(peak, root)
        return root

    @property
    def edge(self) -> bytes:
        """The peaks as they are stored."""
        return b"".join(self.peaks)
