"""The whole conversation with one plan source, which may have to be waited for.

A caller whose plans are at hand (a world in process) calls `identify` and `respond` itself and never waits.
"""

from __future__ import annotations

from typing import Protocol

from provisioning.identify import PREFIX, Claim, Deny, identify
from provisioning.messages import Effect, Files, Request, Response
from provisioning.plan import Plan
from provisioning.respond import respond


class PlanSource(Protocol):
    """The port to a PBX."""

    async def plan(self, claim: Claim) -> Plan | None:
        """What that device is to be told; None if that account has no such device.

        Not told whether the claim is true. For `page` 'login', the plan's `log_in` answers the extension and PIN."""


async def answer(
    request: Request,
    source: PlanSource,
    files: Files,
    now: int,
    key: bytes,
    prefix: str = PREFIX,
) -> tuple[Response, tuple[Effect, ...]]:
    """The response, and the effects that the caller applies before he sends it."""
    claim = identify(request, now, key, prefix)
    if isinstance(claim, Deny):
        return claim.response, claim.effects
    return respond(request, claim, await source.plan(claim), files, now, key)
