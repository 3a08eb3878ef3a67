"""A persistent sorted set: a B+ tree whose nodes are tuples, shared between versions, and a short tail of late comers.

Lists are shown in an order that a person can see, a page at a time, right after a write, in a world of 100,000 users;
deadlines fall due in order. Both need `add`, `remove` and "what comes next" at the price of a few small tuples.
Items are anything that compares with one another (texts, tuples) and is never equal unless it is the same item.

Copying the way from the root to a leaf costs more than most of what a command does, so that what is added waits in
`_late`, unsorted, until one way will do for many; whoever reads sees both.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import eq
from typing import Any

from msgspec import Struct

WIDTH = 64  # of a node; 3 levels hold 100,000
LATE = 32  # so many wait at most

Item = Any


class _Inner(Struct, frozen=True, gc=False):
    firsts: tuple[Item, ...]  # a lower bound of each child: its first item, which may have been removed since
    children: tuple[Any, ...]  # all leaves (tuples of items) or all _Inner


class Sorted(Struct, frozen=True, gc=False, eq=False):
    """Immutable; `add` and `remove` give the next version. Iteration and `after` are in order."""

    _root: Any = ()
    count: int = 0
    _late: tuple[Item, ...] = ()

    @classmethod
    def of(cls, items: Iterable[Item]) -> Sorted:
        """A set of these, each of which comes once."""
        ordered = sorted(items)
        return cls(_with((), ordered), len(ordered)) if ordered else cls()

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
        return _both(_walk(self._root), sorted(self._late)) if self._late else _walk(self._root)

    def first(self) -> Item | None:
        """The smallest item, or None."""
        node = self._root
        while type(node) is _Inner:
            node = node.children[0]
        if not self._late:
            return node[0] if node else None
        late = min(self._late)
        return min(node[0], late) if node else late

    def after(self, item: Item, inclusive: bool = False) -> Iterator[Item]:
        """The items behind `item`, in order; `item` need not be present."""
        bisect = bisect_left if inclusive else bisect_right
        found = _walk_from(self._root, item, bisect)
        if not self._late:
            return found
        late = sorted(self._late)
        return _both(found, late[bisect(late, item) :])

    def add(self, *items: Item) -> Sorted:
        """With `items`, none of which is there yet."""
        late = self._late + items
        if len(late) < LATE:
            return Sorted(self._root, self.count + len(items), late)
        return Sorted(_with(self._root, sorted(late)), self.count + len(items))

    def remove(self, *items: Item) -> Sorted:
        """Without `items`; raises KeyError if one of them is not there."""
        root, late = self._root, self._late
        early = [item for item in items if item not in late] if late else list(items)
        if len(early) < len(items):
            late = tuple([item for item in late if item not in items])
        if early:
            early.sort()
            root = _shallow(_without(root, early))
        return Sorted(root, self.count - len(items), late)

    def swap(self, gone: Sequence[Item], come: Sequence[Item]) -> Sorted:
        """Without `gone` and with `come`: what is in both stays where it is."""
        if not gone:
            return self.add(*come)
        leaving = [item for item in gone if item not in come]
        return self.remove(*leaving).add(*[item for item in come if item not in gone])

    def split(self, bound: Item) -> tuple[list[Item], Sorted]:
        """(the items below `bound`, a set of the others): how everything due is taken at once."""
        taken = [item for item in self._late if item < bound]
        late = tuple([item for item in self._late if not item < bound]) if taken else self._late
        root = _shallow(_split(self._root, bound, taken))
        taken.sort()
        return taken, Sorted(root, self.count - len(taken), late)


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


def _both(items: Iterator[Item], late: Sequence[Item]) -> Iterator[Item]:
    """Two that are in order, as one."""
    at, end = 0, len(late)
    for item in items:
        while at < end and late[at] < item:
            yield late[at]
            at += 1
        yield item
    yield from late[at:]


def _with(root: Any, items: list[Item]) -> Any:
    """A tree with items besides, in order, that are not in it."""
    parts = _added(root, items)
    while len(parts) > 1:
        parts = _inners([_least(part) for part in parts], parts, rising=True)
    return parts[0]


def _added(node: Any, items: list[Item]) -> list[Any]:
    """What `node` becomes: one, or several where it was full."""
    if len(items) == 1:
        return _added_one(node, items[0])
    if type(node) is not _Inner:
        rising = not node or node[-1] < items[0]
        grown = (*node, *items) if rising else tuple(sorted((*node, *items)))
        return [grown[start:end] for start, end in _cuts(len(grown), rising)]
    firsts, children = list(node.firsts), list(node.children)
    rising = items[0] >= firsts[-1]
    end = len(items)
    while end:  # from behind, so that what is still to come finds its child in its place
        at = max(bisect_right(firsts, items[end - 1]) - 1, 0)
        start = bisect_left(items, firsts[at], 0, end) if at else 0
        parts = _added(children[at], items[start:end])
        if items[start] < firsts[at]:
            firsts[at] = items[start]
        children[at] = parts[0]
        if len(parts) > 1:
            children[at + 1 : at + 1] = parts[1:]
            firsts[at + 1 : at + 1] = [_least(part) for part in parts[1:]]
        end = start
    return _inners(firsts, children, rising)


def _added_one(node: Any, item: Item) -> list[Any]:
    """The same for one item, as nearly always: late comers seldom share a leaf."""
    if type(node) is not _Inner:
        at = bisect_left(node, item)
        grown = node[:at] + (item,) + node[at:]  # noqa: RUF005 - half the time of unpacking, and this is the hot path
        if len(grown) <= WIDTH:
            return [grown]
        return [grown[start:end] for start, end in _cuts(len(grown), at == WIDTH)]
    firsts, children = node.firsts, node.children
    at = bisect_right(firsts, item) - 1
    if at < 0:
        at, firsts = 0, (item, *firsts[1:])
    parts = _added_one(children[at], item)
    if len(parts) == 1:
        return [_Inner(firsts, children[:at] + (parts[0],) + children[at + 1 :])]  # noqa: RUF005 - as above
    grown = (*children[:at], *parts, *children[at + 1 :])
    return _inners((*firsts[: at + 1], _least(parts[1]), *firsts[at + 1 :]), grown, at == len(children) - 1)


def _inners(firsts: Sequence[Item], children: Sequence[Any], rising: bool) -> list[Any]:
    """Nodes of these children."""
    cuts = _cuts(len(children), rising)
    return [_Inner(tuple(firsts[start:end]), tuple(children[start:end])) for start, end in cuts]


def _cuts(length: int, rising: bool) -> list[tuple[int, int]]:
    """Where what is too wide for a node is cut. Items often come in rising order (ids, instants): a node that grows at
    its end is left full behind it; else the parts are equal, since more will come to each."""
    if length <= WIDTH:
        return [(0, length)]
    step = WIDTH if rising else -(-length // -(-length // WIDTH))
    return [(start, min(start + step, length)) for start in range(0, length, step)]


def _least(node: Any) -> Item:
    """Nothing in the node is below this."""
    return node.firsts[0] if type(node) is _Inner else node[0]


def _shallow(root: Any) -> Any:
    """Without levels that hold one node only."""
    while type(root) is _Inner and len(root.children) == 1:
        root = root.children[0]
    return () if root is None else root


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


def _without(node: Any, items: list[Item]) -> Any:
    """The same for several, in order: nodes that they share are copied once."""
    if len(items) == 1:
        return _removed(node, items[0])
    if type(node) is not _Inner:
        left = list(node)
        for item in items:
            at = bisect_left(left, item)
            if at == len(left) or left[at] != item:
                raise KeyError(item)
            del left[at]
        return tuple(left) or None
    firsts, children = list(node.firsts), list(node.children)
    end = len(items)
    while end:  # from behind, so that what is still to go finds its child in its place
        if not children:
            raise KeyError(items[0])
        at = max(bisect_right(firsts, items[end - 1]) - 1, 0)
        start = bisect_left(items, firsts[at], 0, end) if at else 0
        child = _without(children[at], items[start:end])
        if child is None:
            del firsts[at], children[at]
        else:
            children[at] = child
        end = start
    return _Inner(tuple(firsts), tuple(children)) if children else None


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
