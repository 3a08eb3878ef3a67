"""An account, and what it is set to."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

Settings = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # ((vendor, ((key, value), ...)), ...)
Switch = bool | int | str  # what a rule can be switched to
Policy = tuple[tuple[str, Switch], ...]  # ((rule id, value), ...)


class Account(Struct, frozen=True, gc=False):
    """One customer. `key` stands in the provisioning URL; `country` is '' where only E.164 input is understood."""

    id: str
    name: str
    platform: str
    key: str
    platform_version: int = 0
    country: str = ""
    timezone: str = "UTC"
    seats: int | None = None
    policy: Policy = ()
    settings: Settings = ()
    revision: int = 1

    @property
    def realm(self) -> str:
        """The SIP domain of the account."""
        return _realm(self.id)


@lru_cache(maxsize=1024)  # every line of the account names it: one text for all
def _realm(id_: str) -> str:
    return f"{id_}.pbx.example"
