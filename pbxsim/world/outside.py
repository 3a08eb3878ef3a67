"""What is around the phones: the handler of each command about their network and about what goes wrong there.

Only the operator is asked here, but for taking a phone elsewhere, which is an installer's work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from device_emulator import messages as em
from device_emulator.wire import transfer
from pbxsim.core import commands as c
from pbxsim.core.entities import Device
from pbxsim.core.faults import ClonedMac, WrongMac
from pbxsim.core.refusals import Fault, Invalid, NotFound
from pbxsim.core.values import colons
from pbxsim.world import faults
from pbxsim.world.run import Run
from pbxsim.world.state import Redirect

_NO_ADDRESS = (
    "must be an http or https URL: these phones speak nothing else. In a password, / is %2F, @ is %40, # is %23, "
    "? is %3F and % is %25"
)


def fetchable(url: str) -> bool:
    """Is it an address that these phones can ask? It may carry credentials."""
    return url.startswith(("http://", "https://")) and bool(transfer.origin(transfer.split_login(url)[0]))


def _set_faults(run: Run, command: c.SetFaults) -> str:
    unknown = []
    there = {
        one.fault for one in run.faults
    }  # whom they name may be gone by now: that is no reason to keep or drop others
    for place, fault in enumerate(command.faults):
        if fault in command.faults[:place]:
            unknown.append(Fault(f"/faults/{place}", "is there already"))
        if fault in there:
            continue
        if isinstance(fault, ClonedMac) and run.phone(fault.phone) is None:
            unknown.append(Fault(f"/faults/{place}/phone", f"is no emulated phone: {colons(fault.phone)}"))
        if isinstance(fault, WrongMac) and not run.pbx.find("mac", "", fault.other):
            unknown.append(Fault(f"/faults/{place}/other", f"is no device of any account: {colons(fault.other)}"))
        named = () if isinstance(fault, ClonedMac) else fault.phones
        unknown += [
            Fault(f"/faults/{place}/phones/{index}", f"is no emulated phone: {colons(mac)}")
            for index, mac in enumerate(named)
            if run.phone(mac) is None
        ]
    if unknown:
        raise Invalid(unknown)
    faults.put(run, command.faults)
    return ""


def _set_network(run: Run, command: c.SetNetwork) -> str:
    """Phones that stand in a network of their own stay there."""
    _fetchable(command.offers)
    before = run.network.offers
    run.network = replace(run.network, offers=command.offers)
    run.touched["network", "offers"] = None
    for phone in run.every_phone():
        if phone.place.offers == before:
            run.tell(phone.address, em.Placed(replace(phone.place, offers=command.offers)))
    return ""


def _connect(run: Run, command: c.ConnectPhone) -> str:
    phone = run.phone(command.phone)
    if phone is None:
        raise NotFound("phone", colons(command.phone), "Put one on a desk first: phones.add(device).")
    offers = run.network.offers if command.offers is None else command.offers
    _fetchable(offers)
    run.tell(phone.address, em.Placed(replace(phone.place, offers=offers)))
    return command.phone


def _set_redirect(run: Run, command: c.SetRedirect) -> str:
    if (command.device is None) == (not command.url):
        raise Invalid([Fault("", "needs either a device or a URL")])
    if command.device is not None:
        redirect = Redirect(run.pbx.the(Device, command.device).id)
    elif fetchable(command.url):
        redirect = Redirect(url=command.url)
    else:
        raise Invalid([Fault("/url", _NO_ADDRESS)])
    run.network = replace(run.network, redirects=run.network.redirects.set(command.mac, redirect))
    run.touched["network", command.mac] = None
    return command.mac


def _remove_redirect(run: Run, command: c.RemoveRedirect) -> str:
    if command.mac not in run.network.redirects:
        raise NotFound("redirect", colons(command.mac), "The redirect service knows nothing of it as it is.")
    run.network = replace(run.network, redirects=run.network.redirects.delete(command.mac))
    run.touched["network", command.mac] = None
    return command.mac


def _fetchable(offers: tuple[tuple[str, str], ...]) -> None:
    """A phone takes whatever its network says; who sets up the network is told what no phone here can fetch."""
    wrong = [
        Fault(f"/offers/{source}", _NO_ADDRESS)  # it may hold a password, so it is not repeated
        for source, url in offers
        if not fetchable(url)
    ]
    if wrong:
        raise Invalid(wrong)


HANDLERS: dict[type[c.Command], Callable[[Run, Any], str]] = {
    c.SetFaults: _set_faults,
    c.SetNetwork: _set_network,
    c.ConnectPhone: _connect,
    c.SetRedirect: _set_redirect,
    c.RemoveRedirect: _remove_redirect,
}
