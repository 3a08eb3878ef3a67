"""What a phone says by itself: the message on its display, in the words of its brand.

One thing is said at a time, the worst first; whoever calls is drawn elsewhere, over all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from device_emulator.facts import Fact
from device_emulator.firmware import mishaps, network
from device_emulator.lamps import FACTS
from device_emulator.models import Model
from device_emulator.screen import CallShown

if TYPE_CHECKING:
    from device_emulator.phone.state import Phone


def message(phone: Phone) -> str:
    """What the phone has to say while nobody calls; '' for nothing."""
    if phone.phase == "off":
        return ""
    if not phone.place.connected and phone.phase in ("no-server", "idle", "updating") and phone.writing is None:
        return network.of(phone.model).says.of(phone.model)
    refused = next((line.status for line in phone.lines if line.state == "refused"), None)
    waiting = sum(line.messages for line in phone.lines)
    if phone.phase == "idle":
        if refused is not None:
            return mishaps.refused(phone.model, refused)
        if phone.notice:
            return phone.notice
        if phone.status and all(line.state != "no-service" for line in phone.lines):
            return phone.status[0][2]  # an XML answer's; a display shows several in turn
    said = _said(phone, waiting)
    return said.of(phone.model).replace("{}", str(waiting)) if said is not None else ""


def _said(phone: Phone, waiting: int) -> Fact[str] | None:
    facts: Any = FACTS[phone.model.vendor]
    found: dict[str, Fact[str]] = {
        "writing": facts.WRITING,
        "booting": facts.BOOTING,
        "looking": facts.LOOKING,
        "no-server": facts.NO_SERVER,
        "fetching": facts.FETCHING,
        "updating": facts.FETCHING,
        "no service": facts.NO_SERVICE,
        "not disturbed": facts.DND,
        "one message": facts.ONE_MESSAGE,
        "messages": facts.MESSAGES,
    }
    if phone.writing is not None:
        return found["writing"]
    if phone.phase != "idle":
        return found[phone.phase]
    if any(line.state == "no-service" for line in phone.lines):
        return found["no service"]
    if phone.dnd:
        return found["not disturbed"]
    return found["one message" if waiting == 1 else "messages"] if waiting else None


def heading(model: Model, call: CallShown) -> str:
    """What heads the display while it rings, calls or talks."""
    facts = FACTS[model.vendor]
    by_state: dict[str, Fact[str]] = {
        "ringing": facts.INCOMING,
        "calling": facts.CALLING,
        "talking": facts.TALKING,
    }
    return by_state[call.state].of(model)
