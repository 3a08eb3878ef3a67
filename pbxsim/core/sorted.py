"""A persistent sorted set: a B+ tree whose nodes are tuples, shared between versions.

Lists are shown in an order that a person can see, a page at a time, right after a write, in a world of 100,000 users;
deadlines fall due in order. Both need `add`, `remove` and "what comes next" at the price of a few small tuples.
Items are anything that compares with one another (texts, tuples) and is never equal unless it is the same item.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import eq
from typing import Any

from msgspec import Struct

WIDTH = 32  # an add copies one tuple of at most this length per level; 4 levels hold 100,000

Item = Any


class _Inner(Struct, frozen=True, gc=False):
    firsts: tuple[Item, ...]  # a lower bound of each child: its first item, which may have been removed since
    children: tuple[Any, ...]  # all leaves (tuples of items) or all _Inner


class Sorted:
    """Immutable; `add` and `remove` give the next version. Iteration and `after` are in order."""

    __slots__ = ("_root", "count")

    def __init__(self, root: Any = (), count: int = 0) -> None:
        self._root = root
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __bool__(self) -> bool:
        return self.count > 0

    def __contains__(self, item: Item) -> bool:
        return bool(next(self.after(item, inclusive=True), None) == item)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sorted) and self.count == other.count and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Item]:
        return _walk(self._root)

    def first(self) -> Item | None:
        """The smallest item, or None."""
        node = self._root
        while type(node) is _Inner:
            node = node.children[0]
        return node[0] if node else None

    def after(self, item: Item, inclusive: bool = False) -> Iterator[Item]:
        """The items behind `item`, in order; `item` need not be present."""
        return _walk_from(self._root, item, bisect_left if inclusive else bisect_right)

    def add(self, item: Item) -> Sorted:
        """With `item`; the same set if it is there already."""
        root = _added(self._root, item)
        if root is None:
            return self
        if type(root) is list:
            first = root[0].firsts[0] if type(root[0]) is _Inner else root[0][0]
            root = _Inner((first, root[2]), (root[0], root[1]))
        return Sorted(root, self.count + 1)

    def remove(self, item: Item) -> Sorted:
        """Without `item`; raises KeyError if it is not there."""
        root = _removed(self._root, item)
        while type(root) is _Inner and len(root.children) == 1:
            root = root.children[0]
        return Sorted(() if root is None else root, self.count - 1)

    def split(self, bound: Item) -> tuple[list[Item], Sorted]:
        """(the items below `bound`, a set of the others): how everything due is taken at once."""
        taken: list[Item] = []
        root = _split(self._root, bound, taken)
        while type(root) is _Inner and len(root.children) == 1:
            root = root.children[0]
        return taken, Sorted(() if root is None else root, self.count - len(taken))


def _walk(node: Any) -> Iterator[Item]:
    if type(node) is not _Inner:
        yield from node
        return
    for child in node.children:
        yield from _walk(child)


def _walk_from(node: Any, item: Item, bisect: Any) -> Iterator[Item]:
    if type(node) is not _Inner:
        yield from node[bisect(node, item) :]
        return
    start = max(bisect_right(node.firsts, item) - 1, 0)
    yield from _walk_from(node.children[start], item, bisect)
    for child in node.children[start + 1 :]:
        yield from _walk(child)


def _added(node: Any, item: Item) -> Any:
    """What `node` becomes: a node; where it was full a list of two and the first item of the second; None if nothing
    changes."""
    if type(node) is not _Inner:
        at = bisect_left(node, item)
        if at < len(node) and node[at] == item:
            return None
        grown = node[:at] + (item,) + node[at:]  # noqa: RUF005 - half the time of unpacking, and this is the hot path
        if len(grown) <= WIDTH:
            return grown
        # Items often come in rising order (ids, instants): a leaf that grows at its end is left full behind it.
        cut = WIDTH if at == WIDTH else WIDTH // 2
        return [grown[:cut], grown[cut:], grown[cut]]
    firsts, children = node.firsts, node.children
    at = bisect_right(firsts, item) - 1
    if at < 0:
        at, firsts = 0, (item, *firsts[1:])
    part = _added(children[at], item)
    if part is None:
        return None
    if type(part) is not list:
        return _Inner(firsts, children[:at] + (part,) + children[at + 1 :])  # noqa: RUF005 - as above
    firsts = (*firsts[: at + 1], part[2], *firsts[at + 1 :])
    children = (*children[:at], part[0], part[1], *children[at + 1 :])
    if len(children) <= WIDTH:
        return _Inner(firsts, children)
    cut = WIDTH if at == WIDTH - 1 else WIDTH // 2
    return [_Inner(firsts[:cut], children[:cut]), _Inner(firsts[cut:], children[cut:]), firsts[cut]]


def _removed(node: Any, item: Item) -> Any:
    """What `node` becomes, or None where nothing is left of it. Nodes may stay thin: only empty ones go."""
    if type(node) is not _Inner:
        at = bisect_left(node, item)
        if at == len(node) or node[at] != item:
            raise KeyError(item)
        return node[:at] + node[at + 1 :] or None
    at = max(bisect_right(node.firsts, item) - 1, 0)
    child = _removed(node.children[at], item)
    if child is not None:
        return _Inner(node.firsts, (*node.children[:at], child, *node.children[at + 1 :]))
    if len(node.children) == 1:
        return None
    return _Inner(node.firsts[:at] + node.firsts[at + 1 :], node.children[:at] + node.children[at + 1 :])


def _split(node: Any, bound: Item, taken: list[Item]) -> Any:
    """Put what is below `bound` into `taken`; the rest of `node`, or None."""
    if type(node) is not _Inner:
        at = bisect_left(node, bound)
        taken.extend(node[:at])
        return node[at:] or None
    for at, child in enumerate(node.children):
        rest = _split(child, bound, taken)
        if rest is not None:
            return _Inner(node.firsts[at:], (rest, *node.children[at + 1 :]))
    return None
