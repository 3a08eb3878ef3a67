"""History as a value: append-only, shared between forks, its oldest lines forgotten beyond a limit.

Records stand in chunks, the last one open: an append copies a few pointers, and the map of full chunks is touched once
in `CHUNK` appends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from immutables import Map
from msgspec import Struct

from pbxsim.core.state import NOTHING, Event

CHUNK = 64
"""Records in a full chunk; chunk n holds the numbers from n * CHUNK + 1 on."""


class Record(Struct, frozen=True, gc=False):
    """One line of history: when (ms), who, what."""

    number: int
    time: int
    actor: str
    event: Event


class Log(Mapping[int, Record]):
    """number -> record, numbers rising by one. `append` gives the next version."""

    __slots__ = ("_chunks", "_tail", "first", "last")

    def __init__(
        self,
        first: int = 1,
        last: int = 0,
        chunks: Map[int, tuple[Record, ...]] = NOTHING,
        tail: tuple[Record, ...] = (),
    ) -> None:
        self.first = first  # the oldest number that is remembered
        self.last = last  # the newest
        self._chunks = chunks
        self._tail = tail

    @classmethod
    def of(cls, records: Mapping[int, Record]) -> Log:
        """A log of records whose numbers follow one another."""
        log = cls()
        numbers = sorted(records)
        if numbers:
            first, last = numbers[0], numbers[-1]
            before = (first - 1) % CHUNK
            lines = [records[first]] * before + [records[number] for number in numbers]  # none is read below `first`
            full = len(lines) // CHUNK * CHUNK
            chunk = (first - 1) // CHUNK
            chunks = {chunk + at // CHUNK: tuple(lines[at : at + CHUNK]) for at in range(0, full, CHUNK)}
            log = cls(first, last, Map(chunks), tuple(lines[full:]))
        return log

    def append(self, record: Record, limit: int) -> Log:
        """With one more, and at most `limit` of them."""
        tail, chunks, first, last = (*self._tail, record), self._chunks, self.first, self.last + 1
        if len(tail) == CHUNK:
            chunks = chunks.set((last - 1) // CHUNK, tail)
            tail = ()
        if last - first >= limit:
            first = last - limit + 1
            gone = (self.first - 1) // CHUNK
            if (first - 1) // CHUNK > gone and gone in chunks:
                chunks = chunks.delete(gone)
        return Log(first, last, chunks, tail)

    def __getitem__(self, number: int) -> Record:
        if not self.first <= number <= self.last:
            raise KeyError(number)
        chunk, place = divmod(number - 1, CHUNK)
        return (self._tail if chunk == self.last // CHUNK else self._chunks[chunk])[place]

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Log) and self.first == other.first and list(self.values()) == list(other.values())

    __hash__ = None  # type: ignore[assignment]


NO_HISTORY = Log()
