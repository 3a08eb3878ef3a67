"""The words of the names of an account's users, in order, from which a search finds people.

Often several people are renamed before anybody is searched for, and to take a name's lines out of a large tree and put
others in costs more than all the rest of a rename. So a change of a name only waits here, and whoever reads first has
all that wait put in at one go: he pays for it, and every version that shares them has the benefit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from pbxsim.core.entities import User
from pbxsim.core.indexes import word_lines
from pbxsim.core.sorted import Sorted

MOST = 32  # so many wait at most: a reader is soon done with them

Renamed = tuple[User | None, User | None]  # as he was, as he is; None: he was not there yet, or is no longer


class Words(Struct, gc=False, eq=False):
    """A value: `renamed` gives the next version, and what an older one says stays. Only whether its late comers have
    been put in yet changes in place, and that nobody can see."""

    _parts: tuple[Sorted, tuple[Renamed, ...]] = (Sorted(), ())  # in one assignment, for those who read in threads

    @classmethod
    def of(cls, lines: Iterable[str]) -> Words:
        """Those of many users at once."""
        return cls((Sorted.of(lines), ()))

    def renamed(self, before: User | None, after: User | None) -> Words:
        """With another name of a user, or his first, or none."""
        lines, late = self._parts
        if len(late) == MOST:
            lines, late = self.lines, ()
        return Words((lines, (*late, (before, after))))

    @property
    def lines(self) -> Sorted:
        """ "word and what follows, NUL, `order_item` of the user", in order."""
        lines, late = self._parts
        if late:
            lines = _with(lines, late)
            self._parts = lines, ()
        return lines

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and self.lines == other.lines

    __hash__ = None  # type: ignore[assignment]


def _with(lines: Sorted, late: tuple[Renamed, ...]) -> Sorted:
    """What has come of several changes; a user may have had more than one."""
    net: dict[str, Renamed] = {}
    for before, after in late:
        id_ = (after or before).id  # type: ignore[union-attr]
        net[id_] = (net[id_][0] if id_ in net else before, after)
    gone = {line for before, _ in net.values() if before is not None for line in word_lines(before)}
    come = {line for _, after in net.values() if after is not None for line in word_lines(after)}
    return lines.remove(*sorted(gone - come)).add(*sorted(come - gone))


NO_WORDS = Words()
