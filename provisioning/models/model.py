"""What the server believes of a phone model: the shape of a row. The rows are beside this file, one file a vendor."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

VendorName = Literal["yealink", "aastra"]


class Model(Struct, frozen=True, cache_hash=True):
    """`product` is the vendor's own name for it, `agents` what it may call itself besides in a User-Agent, `common` the
    file every phone of the model fetches before its own, `lines` the SIP accounts it can hold.

    `key` is how its programmable keys are called in a configuration, without the number, and `keys` how many there are
    of them; `more` are (name, how many) of further kinds, which are counted on after those. `family` says which
    templates it has beside its vendor's, `release` which firmware these are for (81 for a Yealink's V81), `first_line`
    the number that a key gives to line 1. `encoding` is that of its files; what cannot be said in it becomes `?`."""

    name: str
    vendor: VendorName
    family: str
    product: str
    common: str
    lines: int
    key: str
    keys: int
    more: tuple[tuple[str, int], ...] = ()
    release: int = 0
    first_line: int = 1
    agents: tuple[str, ...] = ()
    encoding: str = "utf-8"

    @property
    def positions(self) -> int:
        """How many keys there are in all."""
        return self.keys + sum(count for _, count in self.more)

    def key_at(self, position: int) -> tuple[str, int]:
        """The name and number of a key by its position: on a T28P, 7 is ("memorykey", 1). LookupError beyond the
        last."""
        for name, count in ((self.key, self.keys), *self.more):
            if position <= count:
                return name, position
            position -= count
        raise LookupError(f"The {self.name} has {self.positions} keys.")
