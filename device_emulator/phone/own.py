"""What a phone asks, keeps and sends of its own accord: its own pages, a change that goes to the server, a notice to
somebody's web server whose answer it does not read.

What stands on such a page and what follows from it is the firmware's; what an order makes a phone do is `phone.py`'s.
"""

from __future__ import annotations

from typing import get_args

from msgspec.structs import replace

from device_emulator.firmware.contract import Order
from device_emulator.phone import lines
from device_emulator.phone.state import Outputs, Phone, Step, fetchable, send, server_url, set_flash
from device_emulator.screen import Key, OwnPurpose, Page
from device_emulator.wire import transfer
from device_emulator.wire.transfer import Fetch

PURPOSES = frozenset(get_args(OwnPurpose))
SUBMIT = "SoftKey:Submit"
TELLS = "tell"
TELL = "Tell: "
"""Before an address that is fetched without a look at what it answers."""


def ask_who(phone: Phone) -> Phone:
    """The server wants to know who this is, and the phone cannot say: it asks whoever stands there."""
    page = phone.firmware.login_page(phone.model, phone.flash.settings)
    return phone if page is None else replace(phone, pages=(page,))


def known_now(phone: Phone) -> Phone:
    """A run has ended well: nobody needs to say who this is any more."""
    if phone.pages[-1].purpose != "credentials":
        return phone
    return replace(phone, pages=phone.pages[:-1])


def submits(page: Page, key: str) -> bool:
    """Is that the key of the page that submits it?"""
    return any(soft_key.label == key and soft_key.uri == SUBMIT for soft_key in page.soft_keys)


def submitted(phone: Phone, page: Page, given: tuple[str, ...], now: int) -> tuple[Phone, Order, Outputs]:
    """Somebody has filled a page of the phone's own: the phone without it, what is to be done, and what it sends.
    Missing fields keep what stands there."""
    fields = (*given[: len(page.fields)], *(field.default for field in page.fields[len(given) :]))
    flash, order = phone.firmware.submitted(phone.model, phone.flash, page, fields)
    phone = set_flash(replace(phone, pages=phone.pages[:-1]), flash)
    phone, outputs = lines.settle(phone, now) if phone.phase == "idle" else (phone, ())
    return phone, order, outputs


def wizard(phone: Phone, key: Key, now: int) -> Step:
    """A key that asks who is there."""
    asked = phone.firmware.wizard(phone.model, phone.flash, key)
    if asked is None:
        return phone, ()
    flash, page = asked
    phone = replace(set_flash(phone, flash), pages=(page,) if page.fields else ())
    return lines.settle(phone, now) if phone.phase == "idle" else (phone, ())


def tell(phone: Phone, uri: str, now: int) -> Step:
    """Fetch an address, and nothing follows from it."""
    url = transfer.resolve(server_url(phone), uri.partition(":")[2].strip())
    return send(phone, Fetch(0, url, quiet=True), now) if fetchable(url) else (phone, ())


def upload(phone: Phone, now: int) -> Step:
    """Send what was set at the phone to where it is kept."""
    upload = phone.firmware.upload(phone.model, phone.mac, phone.flash)
    if upload is None:
        return phone, ()
    method, name, body = upload
    url = transfer.resolve(server_url(phone), name)
    return send(phone, Fetch(0, url, method=method, body=body, quiet=True), now) if fetchable(url) else (phone, ())
