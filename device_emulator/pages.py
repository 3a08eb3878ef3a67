"""What XML answers do to a phone: pages on the screen, keys set while it runs, lists of things to do.

A form replaces every page; a text lies over the form, and its key `Done` uncovers it. Anything that cannot be fetched
or read is said on the screen and changes nothing else.
"""

from __future__ import annotations

from urllib.parse import quote_plus

from msgspec.structs import replace

from device_emulator import boot, calls, lines, transfer
from device_emulator.firmware.contract import Configure, Execute, Show
from device_emulator.screen import Key, Page
from device_emulator.state import Outputs, Phone, Step, fetchable, get, is_soft, set_locally
from device_emulator.transfer import Done

MAX_TODO = 64
"""Things to do that a phone remembers (decided): an answer that lists itself must not grow without end."""

EXIT = "SoftKey:Exit"
SUBMIT = "SoftKey:Submit"


def go_on(phone: Phone, now: int) -> Step:
    """Do what is to be done next, until something is under way."""
    outputs: Outputs = ()
    while phone.phase == "idle" and phone.fetch is None and phone.todo:
        uri = phone.todo[0]
        phone = replace(phone, todo=phone.todo[1:])
        if fetchable(uri):
            phone, more = get(phone, uri, now)
        else:
            phone, more = _command(phone, uri, now)
        outputs += more
    return phone, outputs


def _command(phone: Phone, uri: str, now: int) -> Step:
    """A `Command: …` word. Others, and `Led:`, `Dial:`, `Key:`, change nothing that is modelled."""
    scheme, _, word = uri.lower().partition(":")
    word = word.strip() if scheme == "command" else ""
    if word in ("reset", "fastreboot"):
        return boot.reboot(phone, now)
    if word == "clearlocal":
        return lines.settle(replace(phone, flash=phone.firmware.clear_local(phone.flash)), now)
    return phone, ()


def received(phone: Phone, url: str, done: Done, now: int) -> Step:
    """The end of the fetch of a page."""
    if done.status != 200:
        return replace(phone, notice=f"Cannot fetch page ({done.status or done.why})"), ()
    answer = phone.firmware.read_answer(done.body, url)
    phone = replace(phone, notice="")
    if answer is None:
        return phone, ()
    if isinstance(answer, Show):
        return replace(phone, pages=_over(phone.pages, answer.page)), ()
    if isinstance(answer, Configure):
        flash = phone.firmware.configure(phone.flash, answer.items)
        return lines.settle(replace(phone, flash=flash, pages=()), now)
    if isinstance(answer, Execute):
        # What an answer asks for comes before what was waiting.
        return replace(phone, todo=(answer.uris + phone.todo)[:MAX_TODO]), ()
    return replace(phone, notice=answer.why), ()


def _over(pages: tuple[Page, ...], page: Page) -> tuple[Page, ...]:
    return (page,) if page.fields or not pages or not pages[0].fields else (pages[0], page)


def pressed(phone: Phone, key: str, now: int) -> Step:
    """A key of the page on the screen, by its text; otherwise a programmed key, by its name or its text."""
    if phone.pages:
        page = phone.pages[-1]
        for soft_key in page.soft_keys:
            if soft_key.label == key:
                return _follow(phone, soft_key.uri, now)
        if page.locked:
            return phone, ()
    for programmed in phone.keys:
        if key == programmed.name or (is_soft(programmed) and key == programmed.label):
            return _programmed(phone, programmed, now)
    return phone, ()


def _programmed(phone: Phone, key: Key, now: int) -> Step:
    """What a key does by its type. One that shows an extension's lamp calls that extension (default, unverified)."""
    if key.type == "xml":
        return _follow(phone, key.value, now)
    if key.type in ("speeddial", "blf"):
        return calls.dial(phone, key.value, now)
    if key.type == "dnd":
        return set_locally(phone, phone.firmware.DND, "0" if phone.dnd else "1"), ()
    return phone, ()


def typed(phone: Phone, fields: tuple[str, ...], now: int) -> Step:
    """Submit the form on the screen: a GET with a parameter for each field. Missing fields keep their default."""
    if not phone.pages or not phone.pages[-1].fields:
        return phone, ()
    page = phone.pages[-1]
    values = [*fields[: len(page.fields)], *(field.default for field in page.fields[len(fields) :])]
    query = "&".join(
        f"{quote_plus(field.parameter)}={quote_plus(value, errors='replace')}"
        for field, value in zip(page.fields, values, strict=True)
        if field.parameter
    )
    return _follow(phone, f"{page.url}{'&' if '?' in page.url else '?'}{query}", now)


def _follow(phone: Phone, uri: str, now: int) -> Step:
    if uri == EXIT:
        return replace(phone, pages=phone.pages[:-1]), ()
    if uri == SUBMIT:
        return typed(phone, (), now)
    todo = (*phone.todo, transfer.resolve(uri, uri))[:MAX_TODO]
    phone = replace(phone, todo=todo, notice="")
    free = phone.phase == "idle" and phone.fetch is None and not phone.in_call
    return go_on(phone, now) if free else (phone, ())
