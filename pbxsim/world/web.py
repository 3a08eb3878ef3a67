"""The configuration server in the world: what it answers, and what follows from that.

Answering is pure (`provisioning`); here are the effects: files that are frozen or uploaded, downloads that were seen,
log-ins that were asked for at a phone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from immutables import Map

from device_emulator import messages as em
from pbxsim.core.commands import OPERATOR, Actor, LogInAtDevice, LogOutAtDevice
from pbxsim.core.entities import Device
from pbxsim.core.state import NOTHING, State
from pbxsim.world import plans, scans
from pbxsim.world.state import Download, Files, Made, Nature
from provisioning import messages as pm
from provisioning.hotdesk import RESET
from provisioning.identify import Deny, identify
from provisioning.respond import respond

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def answered(run: Run, mac: str, request: em.HttpRequest) -> em.HttpReply:
    """What a phone is answered, whoever's address it asks."""
    if ours(run, request.url):
        return replied(request, provision(run, wanted(mac, request)))
    phone = run.phone(mac)
    if phone is not None and phone.phase == "looking":
        return _redirected(run, phone.mac, request)
    return em.HttpReply(request.id, 0, body=b"no such host")


def _redirected(run: Run, mac: str, request: em.HttpRequest) -> em.HttpReply:
    """The vendor's redirect service: where the phone's configuration is, if somebody has told it."""
    redirect = run.network.redirects.get(mac)
    url = redirect.url if redirect is not None else ""
    device = run.pbx.get(Device, redirect.device) if redirect is not None else None
    if device is not None:
        address, username, password = plans.staging(run.nature, run.pbx, device)
        url = address.replace("://", f"://{username}:{password}@", 1)
    return em.HttpReply(request.id, 302, (("Location", url),)) if url else em.HttpReply(request.id, 404)


def ours(run: Run, url: str) -> bool:
    """Is that the configuration server's address? It answers http and https alike."""
    return url.startswith(_addresses(run.nature.origin))


@lru_cache(maxsize=64)
def _addresses(origin: str) -> tuple[str, str]:
    return f"{origin}/", f"https://{origin.partition('://')[2]}/"


def wanted(mac: str, request: em.HttpRequest) -> pm.Request:
    """A phone's request as the server gets it."""
    return pm.Request(request.method, request.url, request.headers, request.body, source=mac)


def replied(request: em.HttpRequest, response: pm.Response) -> em.HttpReply:
    """The server's answer as the phone gets it."""
    return em.HttpReply(request.id, response.status, response.headers, response.body)


def provision(run: Run, request: pm.Request, origin: str = "") -> pm.Response:
    """Answer a phone's request, emulated or real. Its effects are applied before the answer is known."""
    response, effects = answer(run.nature, run.pbx, run.files, run.now, request, origin)
    follow(run, effects)
    return response


def follow(run: Run, effects: tuple[pm.Effect, ...]) -> None:
    """What follows from having served a request, or from a save."""
    for effect in effects:
        match effect:
            case pm.FileFrozen() | pm.FileStored():
                names = run.files.get(effect.device, NOTHING).set(effect.name, effect.body)
                run.files = run.files.set(effect.device, names)
                run.touched["file", (effect.device, effect.name)] = None
                if type(effect) is pm.FileFrozen and effect.name != RESET:
                    run.rendered = run.rendered.set(effect.device, _made(run, effect.device))
            case pm.FileDropped():
                drop_file(run, effect.device, effect.name)
            case pm.Downloaded():
                download = Download(run.now, effect.status, effect.etag)
                run.told = plans.told(run.nature, run.told, run.rendered, effect)
                run.downloads = run.downloads.set((effect.device, effect.name), download)
            case pm.Missed():
                scans.missed(run, effect.source, effect.account)
            case pm.LogInAsked():
                command = LogInAtDevice(effect.device, effect.user, effect.override)
                run.execute(command, Actor("user", effect.user))
            case pm.LogOutAsked():
                run.execute(LogOutAtDevice(effect.device), OPERATOR)


def drop_file(run: Run, device: str, name: str) -> None:
    """Delete a file that is kept for a device; none is no error."""
    names = run.files.get(device, NOTHING)
    if name in names:
        names = names.delete(name)
        run.files = run.files.set(device, names) if names else run.files.delete(device)
        run.touched["file", (device, name)] = None
        if name != RESET and device in run.rendered:
            run.rendered = run.rendered.delete(device)


def _made(run: Run, id_: str) -> Made:
    device = run.pbx.the(Device, id_)
    return plans.made_of(run.pbx, device, run.nature.offset(run.pbx.accounts[device.account].timezone, run.now))


def answer(
    nature: Nature, pbx: State, files: Map[str, Map[str, bytes]], now: int, request: pm.Request, origin: str
) -> tuple[pm.Response, tuple[pm.Effect, ...]]:
    """The configuration server's answer, and what follows from it. `origin` is where it was asked, '' in process."""
    claim = identify(request, now, nature.key, nature.prefix)
    if isinstance(claim, Deny):
        return claim.response, claim.effects
    plan = plans.answer(nature, pbx, now, claim, origin)
    return respond(request, claim, plan, Files(files), now, nature.key)
