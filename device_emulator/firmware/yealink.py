"""Yealink desk phones: the answers to what `contract.Firmware` asks, from the files beside this one.

A run (`yealink_run`) fetches everything before it applies anything; what people set at the phone (`yealink_local`), who
may control it from afar (`yealink_remote`), when it looks by itself (`yealink_clock`), whom it tells (`yealink_events`)
and who sits down at it (`yealink_hotdesk`) have files of their own. What is known of each is a row of the facts.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from device_emulator.firmware import yealink_clock as clock
from device_emulator.firmware import yealink_facts as known
from device_emulator.firmware import yealink_file_facts as words
from device_emulator.firmware import yealink_hotdesk as hotdesk
from device_emulator.firmware import yealink_remote as remote
from device_emulator.firmware import yealink_screen_facts as screens
from device_emulator.firmware.contract import Answer, Configure, Flash, Order, Unreadable, Visits
from device_emulator.firmware.textfile import NOTHING, Settings, seconds
from device_emulator.firmware.yealink_accounts import accounts as accounts
from device_emulator.firmware.yealink_accounts import keys as keys
from device_emulator.firmware.yealink_discovery import checks_certificates as checks_certificates
from device_emulator.firmware.yealink_discovery import offered as offered
from device_emulator.firmware.yealink_discovery import redirector as redirector
from device_emulator.firmware.yealink_events import told
from device_emulator.firmware.yealink_hotdesk import first_page as first_page
from device_emulator.firmware.yealink_local import clear_local as clear_local
from device_emulator.firmware.yealink_local import set_locally as set_locally
from device_emulator.firmware.yealink_local import upload as upload
from device_emulator.firmware.yealink_remote import chosen as chosen
from device_emulator.firmware.yealink_remote import menu as menu
from device_emulator.firmware.yealink_remote import notified as notified
from device_emulator.firmware.yealink_remote import served as served
from device_emulator.firmware.yealink_run import absent as absent
from device_emulator.firmware.yealink_run import finish as finish
from device_emulator.firmware.yealink_run import next_file as next_file
from device_emulator.firmware.yealink_run import spelled as spelled
from device_emulator.firmware.yealink_text import parse as parse
from device_emulator.firmware.yealink_text import read as read
from device_emulator.firmware.yealink_ways import ways
from device_emulator.models import Model, agents
from device_emulator.screen import Field, Key, Page, SoftKey

DND = "features.dnd.enable"  # key lists of FusionPBX and wazo; that its DND key sets this one is unverified
WATCHES = "16"
VISITS: Visits | None = None  # its hot desking is not this: a user has no file of his own

HEADER = words.HEADER.value
NULL = words.NULL.value
EMPTY = words.EMPTY.value
LIST_KEY = words.LIST_KEYS.value[0]


# ---- requests


def user_agent(model: Model, mac: str, settings: Settings = NOTHING) -> str:
    """As captured, model by model: `Yealink SIP-T46G 28.83.0.120 00:15:65:4a:a9:37`; without the MAC where
    `user_agent_mac.enable` says so."""
    return _user_agent(model, mac if ways(model, settings).mac_by_http else "")


@lru_cache(maxsize=4096)  # in every request of a phone
def _user_agent(model: Model, mac: str) -> str:
    return agents.said(model, _colons(mac), mac).rstrip()


def sip_user_agent(model: Model, mac: str, settings: Settings = NOTHING) -> str:
    """Without the MAC, unless `sip.mac_in_ua` adds it."""
    if not ways(model, settings).mac_by_sip:
        mac = ""
    return f"{agents.name(model)} {model.version} {_colons(mac)}".rstrip()


def _colons(mac: str) -> str:
    if not mac:
        return ""
    return f"{mac[:2]}:{mac[2:4]}:{mac[4:6]}:{mac[6:8]}:{mac[8:10]}:{mac[10:]}"


def boot_ms(model: Model) -> int:
    """See the fact."""
    return known.BOOT_MS.of(model)


def flash_ms(model: Model) -> int:
    """See the fact."""
    return known.FLASH_MS.of(model)


def tries(model: Model, settings: Settings) -> int:
    """By `attempt_before_failed`."""
    return ways(model, settings).tries


def retry_ms(model: Model, settings: Settings) -> int:
    """By `retry_delay_after_file_transfer_failed`."""
    return ways(model, settings).retry_ms


def answer_ms(model: Model, settings: Settings) -> int:
    """By `attempt_expired_time`."""
    return ways(model, settings).answer_ms


@lru_cache(maxsize=256)  # asked at each answer
def redirects(model: Model) -> int:
    """See the fact."""
    return known.REDIRECTS.of(model)


@lru_cache(maxsize=256)
def schemes(model: Model) -> tuple[str, ...]:
    """See the fact."""
    return known.SCHEMES.of(model)


def at_power_on(model: Model, settings: Settings) -> bool:
    """By `power_on`."""
    return ways(model, settings).power_on


def next_run(model: Model, mac: str, settings: Settings, now: int) -> int | None:
    """By `repeat`, `weekly` and `flexible`."""
    way = ways(model, settings)
    return clock.next_run(way, mac, now) if way.scheduled else None


def patience_ms(model: Model, settings: Settings) -> int:
    """By `inactivity_time_expire`."""
    return ways(model, settings).patience


# ---- what the phone does with its settings


def power_up(flash: Flash) -> Flash:
    """Yealink keeps its settings as they are; only a run changes them."""
    return flash


def configure(model: Model, flash: Flash, answer: Configure) -> Flash:
    """Not reached: `read_answer` never asks for it."""
    return flash


def default_login(model: Model) -> tuple[str, str]:
    """None: what is not staged is not sent."""
    return "", ""


def poll_ms(model: Model, settings: Settings) -> int:
    """It has no such timer."""
    return 0


def watch_seconds(model: Model, settings: Settings) -> int:
    """`account.1.blf.subscribe_period`; its default is a fact."""
    return seconds(settings.get("account.1.blf.subscribe_period"), screens.WATCH_SECONDS.of(model))


# ---- its own pages

_WHO = Page(
    "Auto Provision",
    fields=(Field("User Name", "username"), Field("Password", "password", password=True)),
    soft_keys=(SoftKey("OK", "SoftKey:Submit"), SoftKey("Cancel", "SoftKey:Exit")),
    purpose="credentials",
)


def wizard(model: Model, flash: Flash, key: Key) -> tuple[Flash, Page] | None:
    """The Hot Desking key asks who is there."""
    return hotdesk.wizard(model, flash) if key.type == "hotdesk" else None


def login_page(model: Model, settings: Settings) -> Page | None:
    """By `prompt.enable`."""
    return _WHO if ways(model, settings).prompt else None


def submitted(model: Model, flash: Flash, page: Page, fields: tuple[str, ...]) -> tuple[Flash, Order]:
    """What was typed into a page of the phone's own."""
    if page.purpose == remote.ALLOW:
        return remote.allowed(model, flash, page)
    if page.purpose == _WHO.purpose:
        return replace(flash, username=fields[0], password=fields[1]), Order(action="fetch")
    return hotdesk.seated(model, flash, page, fields)


# ---- what it tells others

# The events of every phone, and what they are called here.
_EVENTS = {
    "incoming": "incoming_call",
    "outgoing": "outgoing_call",
    "connected": "call_established",
    "disconnected": "call_terminated",
    "offhook": "off_hook",
    "onhook": "on_hook",
}
_REGISTRATIONS = {
    "REGISTERED": "registered",
    "UNREGISTERED": "unregistered",
    "REFUSED": "register_failed",
    "TIMEOUT": "register_failed",
}


def after_boot(model: Model, mac: str, settings: Settings) -> tuple[str, ...]:
    """`action_url.setup_completed`."""
    return told(model, mac, settings, "setup_completed")


def after_registration(model: Model, mac: str, settings: Settings, line: int) -> tuple[str, ...]:
    """Told as every other registration: see `happened`."""
    return ()


def happened(
    model: Model, mac: str, settings: Settings, event: str, line: int, about: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    """`action_url.…` of calls and registrations."""
    if event == "registration event":
        event = _REGISTRATIONS.get(dict(about).get("REGISTRATIONSTATE", ""), "")
    return told(model, mac, settings, _EVENTS.get(event, event), line, about)


def read_answer(model: Model, body: bytes, url: str) -> Answer:
    """The vendor's XML browser is not modelled."""
    return Unreadable("This phone shows no pages")
