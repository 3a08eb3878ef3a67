"""Boot and provisioning run: from power, over the files, to a phone that is up.

A run fetches every file its firmware asks for and only then applies them; whatever goes wrong in between leaves the
whole old configuration in force. A reboot is a power cut of the phone's own making: RAM goes, farewells are waited for.
"""

from __future__ import annotations

from msgspec.structs import replace

from device_emulator import lines, transfer
from device_emulator.firmware.contract import Fetched, Finish, Report
from device_emulator.state import Phone, Run, Step, arm, dark, disarm, fetchable, get
from device_emulator.transfer import Done


def reboot(phone: Phone, now: int) -> Step:
    """Start anew. Lines stay registered at the PBX (ghost contacts) unless their settings say to leave."""
    phone, outputs = lines.farewell(phone, [line for line in phone.lines if line.account.unregister_on_reboot], now)
    return start_up(phone, now), outputs


def start_up(phone: Phone, now: int) -> Phone:
    """The first stage of a boot; of RAM only the farewells under way are kept."""
    waiting = {f"answer:{line.request}" for line in phone.leaving}
    deadlines = tuple([deadline for deadline in phone.deadlines if deadline[0] in waiting])
    flash = phone.firmware.power_up(phone.flash)
    deadlines = arm(deadlines, "boot", now + phone.firmware.boot_ms(phone.model), True)
    return replace(dark(phone), flash=flash, phase="booting", leaving=phone.leaving, deadlines=deadlines)


def booted(phone: Phone, now: int) -> Step:
    """The firmware is up: fetch the configuration, if there is a server to fetch it from."""
    if not phone.flash.url:
        return replace(phone, phase="no-server"), ()
    return start(replace(phone, phase="fetching"), now)


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
    url = transfer.resolve(_expanded(phone), run.name)
    if not fetchable(url):
        return _end(phone, Report("failed", f"{run.name}: this phone fetches by HTTP and HTTPS only"), now)
    return get(phone, url, now)


def _expanded(phone: Phone) -> str:
    """The server's URL; `$PN` and `$MAC` in it stand for product and MAC (wazo templates)."""
    url = phone.flash.url
    return url.replace("$PN", phone.model.product).replace("$MAC", phone.mac) if "$" in url else url


def received(phone: Phone, done: Done, now: int) -> Step:
    """The end of the fetch of one file."""
    run = phone.run
    if run is None:
        return phone, ()
    if done.status == 200:
        return _next(phone, (*run.fetched, Fetched(run.name, done.body)), now)
    if done.status == 404:
        if run.attempt >= phone.firmware.tries(phone.model, phone.flash.settings):
            return _next(phone, (*run.fetched, Fetched(run.name, None)), now)
        pause = phone.firmware.retry_ms(phone.model, phone.flash.settings)
        deadlines = arm(phone.deadlines, "retry", now + pause, True)
        run = replace(run, attempt=run.attempt + 1)
        return replace(phone, run=run, deadlines=deadlines), ()
    reason = f"{run.name}: {done.why} ({done.status})" if done.status else f"{run.name}: {done.why}"
    return _end(phone, Report("failed", reason), now)


def _finish(phone: Phone, fetched: tuple[Fetched, ...], live: bool, now: int) -> Step:
    finish = phone.firmware.finish(phone.model, phone.flash, fetched, live)
    if finish.flash == phone.flash:
        return _apply(phone, finish, live, now)
    deadlines = arm(phone.deadlines, "flash", now + phone.firmware.flash_ms(phone.model), True)
    return replace(phone, writing=finish, deadlines=deadlines), ()


def written(phone: Phone, now: int) -> Step:
    """The new configuration stands in flash, all of it: from now on it is the phone's."""
    finish = phone.writing
    if finish is None:
        return phone, ()
    phone = replace(phone, flash=finish.flash, writing=None)
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
    booting = phone.phase == "fetching"
    notice = "Configuration failed" if report.outcome == "failed" else ""
    deadlines = disarm(phone.deadlines, "retry")
    phone = replace(phone, phase="idle", run=None, fetch=None, report=report, notice=notice, deadlines=deadlines)
    phone, outputs = lines.settle(phone, now)
    phone = scheduled(phone, now)
    if booting:
        uris = phone.firmware.after_boot(phone.model, phone.mac, phone.flash.settings)
        phone = replace(phone, todo=phone.todo + uris)
    return phone, outputs


def scheduled(phone: Phone, now: int) -> Phone:
    """The phone with the deadline at which it looks for another configuration by itself, if it ever does."""
    due = phone.firmware.next_run(phone.model, phone.mac, phone.flash.settings, now)
    deadlines = phone.deadlines
    deadlines = disarm(deadlines, "schedule") if due is None else arm(deadlines, "schedule", due, False)
    return phone if deadlines == phone.deadlines else replace(phone, deadlines=deadlines)
