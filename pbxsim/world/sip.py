"""What the PBX says to phones by SIP, and what it answers when they register.

A message goes to where a device is registered; one that leads to no emulated phone is lost, as on any network. What
belongs to a call is begun in `calls.py`; here is how it travels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator import messages as em
from pbxsim.core import registrar
from pbxsim.core.entities import Binding, Device
from pbxsim.world.state import SYSTEM

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def register(run: Run, request: registrar.SipRequest) -> registrar.SipReply:
    """Answer a REGISTER, and let what it binds expire in its time."""
    change = run.change()
    answer = registrar.register(change, request, run.nature.platforms, run.nature.key)
    if change.touched:
        run.accept(change, SYSTEM)
        bindings = run.pbx.bindings.get(device := registrar.device_of(request.aor), ())
        if bindings:
            run.arm("b" + device, min(binding.expires for binding in bindings))
    return answer


def expire(run: Run, device: str) -> None:
    change = run.change()
    bound = run.pbx.get(Device, device)
    if bound is not None:
        change.account = run.pbx.accounts[bound.account]
    following = registrar.expire(change, device)
    if change.touched:
        run.accept(change, SYSTEM)
    if following is not None:
        run.arm("b" + device, following)


def macs(run: Run, device: str) -> list[str]:
    """Where a device is registered: the phones' MAC addresses."""
    return [_mac_of(binding.contact) for binding in run.pbx.bindings.get(device, ())]


def to_device(run: Run, device: str, method: str, call: str, caller: str = "", except_for: str = "") -> None:
    """A request of a call to wherever a device is registered."""
    for mac in macs(run, device):
        if mac != except_for:
            to_phone(run, mac, device, method, call, caller)


def to_phone(run: Run, mac: str, device: str, method: str, call: str, caller: str = "") -> None:
    """A request of a call to one phone. An answer names only the request's id: what begins a call has a positive
    one, what ends it a negative one, and so the answers are told apart."""
    number = run.number()
    id_ = number if method == "INVITE" else -number
    found = run.pbx.get(Device, device)
    realm = run.pbx.accounts[found.account].realm if found is not None else ""
    aor = f"sip:{device}@{realm}"
    run.send("to phone", mac, em.SipRequest(id_, method, aor, aor, call=call, caller=caller))


def notify(run: Run, binding: Binding, event: str) -> None:
    """A NOTIFY to where a device is registered; lost if that is no emulated phone."""
    aor = binding.contact
    run.send("to phone", _mac_of(binding.contact), em.SipRequest(run.number(), "NOTIFY", aor, aor, event=event))


def notify_at(run: Run, contact: str, about: str, event: str, body: str, call: str = "", left: int = 0) -> None:
    """A NOTIFY with a body to whoever is reached there; `call` and `left` are its subscription's Call-ID, seconds."""
    body_ = body.encode()
    request = em.SipRequest(-run.number(), "NOTIFY", contact, about, "", left, event, body=body_, call=call)
    run.send("to phone", _mac_of(contact), request)


def _mac_of(contact: str) -> str:
    """sip:d3@805ec0112233.phone -> 805ec0112233."""
    return contact.partition("@")[2].partition(".")[0]
