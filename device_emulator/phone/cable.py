"""The network cable: nothing comes in and nothing that is sent arrives while it is out, and what happens when it is in.

Power, flash and RAM are untouched. What was under way when the network comes back is sent again, as TCP and SIP over
UDP do with what nobody has acknowledged; what else happens then is two facts (`firmware/network.py`).
"""

from __future__ import annotations

from msgspec.structs import replace

from device_emulator.firmware import network
from device_emulator.messages import HttpReply, HttpRequest, SipReply, SipRequest
from device_emulator.phone import boot, lines
from device_emulator.phone.state import Phone, Step, send

ARRIVES = frozenset((HttpRequest, HttpReply, SipRequest, SipReply))
"""What comes by the cable."""


def plugged(phone: Phone, now: int) -> Step:
    """There is a network again."""
    rows = network.of(phone.model)
    if phone.phase == "no-server":
        return boot.booted(phone, now)
    phone, outputs = send(phone, phone.fetch, now) if phone.fetch is not None else (phone, ())
    if phone.phase in ("idle", "updating") and rows.lines.of(phone.model):
        phone, more = lines.anew(phone, now)
        outputs += more
    failed = phone.report is not None and phone.report.outcome == "failed"
    if phone.phase == "idle" and failed and rows.run.of(phone.model):
        phone = replace(phone, again=phone.again or "fetch")
    return phone, outputs
