"""Boot and provisioning run: from power, over the files, to a phone that is up.

A run fetches every file its firmware asks for and only then applies them; whatever goes wrong in between leaves the
whole old configuration in force. A reboot is a power cut of the phone's own making: RAM goes, farewells are waited for.
"""

from __future__ import annotations

from msgspec.structs import asdict, replace

from device_emulator.firmware import mishaps
from device_emulator.firmware.contract import Fetched, Finish, Offers, Report, Server
from device_emulator.messages import HttpReply
from device_emulator.phone import lines, own, signals, visitor
from device_emulator.phone.state import Phone, Run, Step, arm, dark, disarm, fetchable, get, server_url
from device_emulator.wire import transfer
from device_emulator.wire.transfer import Done


def reboot(phone: Phone, now: int) -> Step:
    """Start anew. Lines stay registered at the PBX (ghost contacts) unless their settings say to leave."""
    phone, outputs = lines.farewell(phone, [line for line in phone.lines if line.account.unregister_on_reboot], now)
    return start_up(phone, now), outputs


def start_up(phone: Phone, now: int, lost: bool = False) -> Phone:
    """The first stage of a boot; of RAM only the farewells under way are kept. `lost`: power had been lost."""
    if phone.flash.visitor is not None:
        phone = visitor.at_power_up(phone, lost)
    waiting = {f"answer:{line.request}" for line in phone.leaving}
    deadlines = tuple([deadline for deadline in phone.deadlines if deadline[0] in waiting])
    flash = phone.firmware.power_up(phone.flash)
    deadlines = arm(deadlines, "boot", now + phone.firmware.boot_ms(phone.model), True)
    return replace(dark(phone), flash=flash, phase="booting", leaving=phone.leaving, deadlines=deadlines)


def booted(phone: Phone, now: int) -> Step:
    """The firmware is up: find the server, and fetch the configuration from it."""
    url = phone.firmware.redirector(phone.model, phone.mac, phone.flash, _heard(phone))
    if url:
        return get(replace(phone, phase="looking"), url, now)
    return _look(phone, now)


def redirected(phone: Phone, reply: HttpReply, now: int) -> Step:
    """The redirect service's answer. A server that it names is remembered as if an installer had entered it."""
    phone = replace(phone, fetch=None, deadlines=disarm(phone.deadlines, "http"))
    location = reply.header("location").strip() if reply.status in transfer.REDIRECTS else ""
    if location.startswith(("http://", "https://")):
        phone = replace(phone, flash=replace(phone.flash, **asdict(server_of(location))))
    return _look(phone, now)


def _look(phone: Phone, now: int) -> Step:
    """What the network offers comes before what the phone remembers."""
    flash = phone.flash
    offers = _heard(phone)
    offered = phone.firmware.offered(phone.model, flash, offers) if offers else ""
    if offered:
        server = server_of(offered)
        if not server.username:  # the phone has one name and password, whoever asks (decided)
            server = replace(server, username=flash.username, password=flash.password)
        phone = replace(phone, server=server)
    elif not flash.url:
        return replace(phone, phase="no-server"), ()
    if not phone.firmware.at_power_on(phone.model, flash.settings):
        return _up(phone, True, now)
    return start(replace(phone, phase="fetching"), now)


def _heard(phone: Phone) -> Offers:
    """What the network offers, if the phone is in one."""
    return phone.place.offers if phone.place.connected else ()


def server_of(url: str) -> Server:
    """A server's URL, which may carry credentials, as it is remembered."""
    address, username, password = transfer.split_login(url.strip())
    return Server(address if address.endswith("/") or not address else f"{address}/", username, password)


def update(phone: Phone, now: int) -> Step:
    """Start a run on a running phone: it stays registered meanwhile."""
    return start(replace(phone, phase="updating", again=""), now)


def start(phone: Phone, now: int) -> Step:
    """Ask for the first file."""
    return _next(replace(phone, run=Run()), (), now)


def _next(phone: Phone, fetched: tuple[Fetched, ...], now: int) -> Step:
    live = phone.phase == "updating"
    name = phone.firmware.next_file(phone.model, phone.mac, phone.flash, fetched, live)
    if name is None:
        return _finish(phone, fetched, live, now)
    return ask(replace(phone, run=Run(fetched, name)), now)


def ask(phone: Phone, now: int) -> Step:
    """Ask for the run's present file (again)."""
    run = phone.run
    if run is None:
        return phone, ()
    url = transfer.resolve(server_url(phone), run.name)
    if not fetchable(url):
        return _end(phone, Report("failed", f"{run.name}: this phone fetches by HTTP and HTTPS only"), now)
    return get(phone, url, now)


def received(phone: Phone, done: Done, now: int) -> Step:
    """The end of the fetch of one file."""
    run = phone.run
    if run is None:
        return phone, ()
    if done.status == 200:
        return _next(phone, (*run.fetched, Fetched(run.name, done.body)), now)
    if phone.firmware.absent(phone.model, run.name, done.status):
        if done.status != 404 or run.attempt >= phone.firmware.tries(phone.model, phone.flash.settings):
            return _next(phone, (*run.fetched, Fetched(run.name, None)), now)
        pause = phone.firmware.retry_ms(phone.model, phone.flash.settings)
        deadlines = arm(phone.deadlines, "retry", now + pause, True)
        run = replace(run, attempt=run.attempt + 1)
        return replace(phone, run=run, deadlines=deadlines), ()
    reason = f"{run.name}: {done.why} ({done.status})" if done.status else f"{run.name}: {done.why}"
    phone, outputs = _end(phone, Report("failed", reason), now)
    return own.ask_who(phone) if done.status == 401 else phone, outputs


def _finish(phone: Phone, fetched: tuple[Fetched, ...], live: bool, now: int) -> Step:
    finish = phone.firmware.finish(phone.model, phone.flash, fetched, live)
    if finish.flash == phone.flash and not finish.version:
        return _apply(phone, finish, live, now)
    deadlines = arm(phone.deadlines, "flash", now + phone.firmware.flash_ms(phone.model) + finish.flash_ms, True)
    return replace(phone, run=Run(), writing=finish, deadlines=deadlines), ()  # the files themselves are not kept


def written(phone: Phone, now: int) -> Step:
    """The new configuration stands in flash, all of it: from now on it is the phone's."""
    finish = phone.writing
    if finish is None:
        return phone, ()
    phone = replace(phone, flash=finish.flash, writing=None)
    if finish.version:
        phone = replace(phone, model=replace(phone.model, version=finish.version))
    return _apply(phone, finish, phone.phase == "updating", now)


def _apply(phone: Phone, finish: Finish, live: bool, now: int) -> Step:
    if finish.reboot and phone.in_call:
        phone = replace(phone, again="reboot")  # after the call (vendor guides)
    elif finish.reboot:
        # Registration keys apply at once: lines that the new settings do not have leave before the reboot.
        phone, outputs = lines.settle(phone, now) if live else (phone, ())
        phone, more = reboot(phone, now)
        return replace(phone, report=finish.report), outputs + more
    return _end(phone, finish.report, now)


def _end(phone: Phone, report: Report, now: int) -> Step:
    """The run is over, well or not: what is in force now is what the phone lives with."""
    failed = report.outcome == "failed"
    booting = phone.phase == "fetching"
    deadlines = disarm(phone.deadlines, "retry")
    notice = mishaps.failed(phone.model) if failed else ""
    phone = replace(phone, run=None, fetch=None, report=report, notice=notice, deadlines=deadlines)
    if not failed:
        phone = signals.tell(own.known_now(phone) if phone.pages else phone, "setup_autop_finish", 1, ())
    return _up(phone, booting, now)


def _up(phone: Phone, booting: bool, now: int) -> Step:
    """The phone is there for people."""
    phone, outputs = lines.settle(replace(phone, phase="idle"), now)
    phone = scheduled(phone, now)
    if booting:
        uris = phone.firmware.after_boot(phone.model, phone.mac, phone.flash.settings)
        first = phone.firmware.first_page(phone.model, phone.flash.settings)
        pages = (first,) if first is not None else phone.pages
        phone = signals.polling(replace(phone, todo=phone.todo + uris, pages=pages), now)
        if phone.flash.visitor is not None:
            phone, more = visitor.booted(phone, now)
            outputs += more
    return phone, outputs


def scheduled(phone: Phone, now: int) -> Phone:
    """The phone with the deadline at which it looks for another configuration by itself, if it ever does."""
    skew = phone.place.skew
    due = phone.firmware.next_run(phone.model, phone.mac, phone.flash.settings, now + skew)
    deadlines = phone.deadlines
    deadlines = disarm(deadlines, "schedule") if due is None else arm(deadlines, "schedule", due - skew, False)
    return phone if deadlines == phone.deadlines else replace(phone, deadlines=deadlines)
