"""Everything that can be said to somebody who may not have what he asks.

    PbxsimError
     |- Invalid         a value is wrong: all faults at once, each with a JSON pointer      422
     |- NotFound        no such thing here                                                  404
     |- Gone            it was here and has been deleted                                    410
     |- ForeignHandle   a handle of another world                                           422
     |- Refused         a rule says no: the rule, every blocker, what to do about each      409
     |   '- Forbidden   whoever asks may not ask this                                       403
     |- NotReady        the phone shows nothing that this could answer                      409
     |- NotSettled      somebody is still busy at the limit                                 (in process)
     '- Unavailable     the store cannot commit                                             503

They are raised where they are known and turned into HTTP in one place. A message says cause and remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct


class PbxsimError(Exception):
    """The root of the tree above."""


class Fault(Struct, frozen=True, gc=False):
    """One wrong value: where (a JSON pointer, '' for the whole) and what is wrong with it."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


class Invalid(PbxsimError):
    """One or more values are wrong; nothing was changed."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


class NotFound(PbxsimError):
    """There is no such thing; `hint` says what there is or how to get it."""

    def __init__(self, kind: str, key: object, hint: str = "") -> None:
        self.kind, self.key = kind, str(key)
        super().__init__(f"There is no {kind} {key!s}." + (f" {hint}" if hint else ""))


class Gone(PbxsimError):
    """It was here and has been deleted."""

    def __init__(self, kind: str, key: object) -> None:
        self.kind, self.key = kind, str(key)
        super().__init__(f"The {kind} {key!s} has been deleted.")


class ForeignHandle(PbxsimError):
    """A handle belongs to the world that made it: two forks may give one id to two different things."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(
            f"This {kind} ({key!s}) belongs to another world. Pass its id, or look it up in the world you are asking."
        )


class Blocker(Struct, frozen=True, gc=False):
    """One thing in the way, and what to do about it.

    `kind` is login, queue, callflow, number, device, user, role, ...; `name` what a person sees; `do` the remedy in
    words; `request` the API call that would remove it, where one call does; `more` what else is known (version,
    status, since, ...)."""

    kind: str
    id: str
    name: str
    do: str
    request: tuple[str, str] | None = None
    more: tuple[tuple[str, Any], ...] = ()


class Refused(PbxsimError):
    """A rule says no. Carries **all** reasons; nothing was changed."""

    def __init__(self, rule: str, title: str, detail: str = "", blockers: Iterable[Blocker] = ()) -> None:
        self.rule, self.title, self.detail = rule, title, detail
        self.blockers = tuple(blockers)
        super().__init__(rule, title, detail, self.blockers)

    def __str__(self) -> str:
        lines = [self.title + (f": {self.detail}" if self.detail else ".")]
        lines += [f"  - {b.kind} {b.name}: {b.do}" for b in self.blockers]
        return "\n".join([*lines, f"  (rule {self.rule})"])


class Forbidden(Refused):
    """The role of whoever asks does not reach this far."""


class NotReady(PbxsimError):
    """The phone shows no prompt that this would answer; the message holds the screen's text."""

    def __init__(self, screen: str) -> None:
        self.screen = screen
        super().__init__(
            f"The phone is not asking for this. Its screen shows:\n{screen or '(nothing: it has no power)'}"
        )


class NotSettled(PbxsimError):
    """At the limit somebody was still busy; `who` maps each to what it is doing."""

    def __init__(self, seconds: float, who: Mapping[str, str]) -> None:
        self.who = dict(who)
        doing = ", ".join(f"{name} ({what})" for name, what in sorted(self.who.items()))
        super().__init__(f"Not settled after {seconds:g} s of virtual time. Still busy: {doing}.")


class Unavailable(PbxsimError):
    """The store could not commit: nothing of this request was kept."""
