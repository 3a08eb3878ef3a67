"""Aastra (later Mitel) desk phones, firmware 2.x to 6.x: this module is their `Firmware`.

What a phone asks for and makes of it is in `aastra_files`, how it reads a line in `aastra_syntax`, its lines and keys
in `aastra_keys`, XML objects in `aastra_xml`, what it tells and is told in `aastra_events`, when it looks by itself in
`aastra_resync`, and who visits it in `aastra_visitors`. Where releases differ, a fact says so.
"""

from __future__ import annotations

from functools import lru_cache

from device_emulator.firmware import aastra_facts as known
from device_emulator.firmware import aastra_files_facts as files
from device_emulator.firmware import aastra_screen_facts as screens
from device_emulator.firmware import aastra_visitors
from device_emulator.firmware.aastra_discovery import checks_certificates as checks_certificates
from device_emulator.firmware.aastra_discovery import offered as offered
from device_emulator.firmware.aastra_discovery import redirector as redirector
from device_emulator.firmware.aastra_events import after_boot as after_boot
from device_emulator.firmware.aastra_events import after_registration as after_registration
from device_emulator.firmware.aastra_events import happened as happened
from device_emulator.firmware.aastra_events import notified as notified
from device_emulator.firmware.aastra_events import poll_ms as poll_ms
from device_emulator.firmware.aastra_events import served as served
from device_emulator.firmware.aastra_files import clear_local as clear_local
from device_emulator.firmware.aastra_files import configure as configure
from device_emulator.firmware.aastra_files import finish as finish
from device_emulator.firmware.aastra_files import next_file as next_file
from device_emulator.firmware.aastra_files import power_up as power_up
from device_emulator.firmware.aastra_files import set_locally as set_locally
from device_emulator.firmware.aastra_keys import accounts as accounts
from device_emulator.firmware.aastra_keys import keys as keys
from device_emulator.firmware.aastra_resync import next_run as next_run
from device_emulator.firmware.aastra_syntax import parse as parse
from device_emulator.firmware.aastra_syntax import read as read
from device_emulator.firmware.aastra_xml import read_answer as read_answer
from device_emulator.firmware.contract import Visits
from device_emulator.firmware.neutral import absent as absent
from device_emulator.firmware.neutral import at_power_on as at_power_on
from device_emulator.firmware.neutral import chosen as chosen
from device_emulator.firmware.neutral import first_page as first_page
from device_emulator.firmware.neutral import login_page as login_page
from device_emulator.firmware.neutral import menu as menu
from device_emulator.firmware.neutral import patience_ms as patience_ms
from device_emulator.firmware.neutral import submitted as submitted
from device_emulator.firmware.neutral import upload as upload
from device_emulator.firmware.neutral import wizard as wizard
from device_emulator.firmware.textfile import NOTHING, Settings, seconds
from device_emulator.models import Model, agents

DND = "dnd"  # decided: a key of type `dnd` is documented, where the phone keeps its state is not
WATCHES = "blf"
VISITS: Visits | None = aastra_visitors


# ---- requests


def user_agent(model: Model, mac: str, settings: Settings = NOTHING) -> str:
    """As captured, model by model: `Aastra6731i MAC:00-08-5D-23-74-29 V:3.2.0.70-SIP`; a boot loader, whose version has
    a hyphen in it, does not say SIP."""
    return _user_agent(model, mac)


@lru_cache(maxsize=4096)  # in every request of a phone
def _user_agent(model: Model, mac: str) -> str:
    dashed = f"{mac[:2]}-{mac[2:4]}-{mac[4:6]}-{mac[6:8]}-{mac[8:10]}-{mac[10:]}".upper()
    return agents.said(model, dashed, mac) + ("" if "-" in model.version else "-SIP")


def sip_user_agent(model: Model, mac: str, settings: Settings = NOTHING) -> str:
    """See the fact."""
    return _sip_user_agent(model)


@lru_cache(maxsize=256)
def _sip_user_agent(model: Model) -> str:
    told = known.SIP_AGENT.of(model).replace("{brand}", agents.brand(model))
    return told.replace("{product}", model.product).replace("{version}", model.version)


@lru_cache(maxsize=256)  # asked at each request
def _answer_ms(model: Model) -> int:
    return max(1, known.ANSWER_MS.of(model))


def answer_ms(model: Model, settings: Settings) -> int:
    """See the fact."""
    return _answer_ms(model)


@lru_cache(maxsize=256)  # asked at each answer
def redirects(model: Model) -> int:
    """See the fact."""
    return known.REDIRECTS.of(model)


@lru_cache(maxsize=256)
def schemes(model: Model) -> tuple[str, ...]:
    """See the fact."""
    return known.SCHEMES.of(model)


def boot_ms(model: Model) -> int:
    """See the fact."""
    return known.BOOT_MS.of(model)


def flash_ms(model: Model) -> int:
    """See the fact."""
    return known.FLASH_MS.of(model)


def tries(model: Model, settings: Settings) -> int:
    """See the fact."""
    return known.TRIES.of(model)


def retry_ms(model: Model, settings: Settings) -> int:
    """A file that is not there is not asked for again."""
    return 0


def spelled(model: Model, mac: str, url: str) -> str:
    """As it is: no word in it stands for something else."""
    return url


def default_login(model: Model) -> tuple[str, str]:
    """The same word twice."""
    word = files.DEFAULT_LOGIN.of(model)
    return word, word


def watch_seconds(model: Model, settings: Settings) -> int:
    """`sip blf subscription period`; its default is a fact."""
    return seconds(settings.get("sip blf subscription period"), screens.WATCH_SECONDS.of(model))
