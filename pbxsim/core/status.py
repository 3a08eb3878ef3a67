"""DRAFT, ACTIVE, AVAILABLE: derived from who points at what, never stored.

A version is ACTIVE if a number points at it, or if a transfer in an ACTIVE version leads to it (a transfer leads to the
newest version that is no draft). A callflow that people dial inside the account (PISTON) is in service as well.
"""

from __future__ import annotations

from typing import Literal

from pbxsim.core.entities import Callflow, Number, Version
from pbxsim.core.state import State

Status = Literal["DRAFT", "ACTIVE", "AVAILABLE"]


def newest(state: State, callflow: Callflow) -> Version | None:
    """The newest version that is not a draft: what `callflow=` in a number and a transfer mean."""
    for id_ in reversed(callflow.versions):
        version = state.get(Version, id_)
        if version is not None and not version.draft:
            return version
    return None


def status(state: State, version: Version) -> Status:
    """The status of one version."""
    if version.draft:
        return "DRAFT"
    return "ACTIVE" if _in_service(state, version) else "AVAILABLE"


def number_status(number: Number) -> Literal["ACTIVE", "AVAILABLE"]:
    """An AVAILABLE number stays on the account and can be set up anew (J12)."""
    return "ACTIVE" if number.active else "AVAILABLE"


def numbers_of(state: State, version: Version) -> list[Number]:
    """The numbers that point at a version, in order."""
    return sorted(state.pointing_at(version.id, Number), key=lambda number: number.e164)


def transfers_to(state: State, callflow: Callflow) -> list[Version]:
    """The versions with a transfer to this callflow."""
    return state.pointing_at(callflow.id, Version)


def _in_service(state: State, version: Version) -> bool:
    """Back along the transfers, until a number or an extension leads in. `seen` ends the walk where they go in a
    circle; it is a loop, because chains of transfers have no bound."""
    seen, waiting = {version.id}, [version]
    while waiting:
        version = waiting.pop()
        callflow = state.the(Callflow, version.callflow)
        if callflow.dialled or state.pointing_at(version.id, Number):
            return True
        if newest(state, callflow) is version:
            for source in transfers_to(state, callflow):
                if not source.draft and source.id not in seen:
                    seen.add(source.id)
                    waiting.append(source)
    return False
