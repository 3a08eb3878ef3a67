"""What differs between vendors: each `firmware/<vendor>.py` is one implementation of `Firmware`.

Its functions decide and never act: no ids, no clock, no requests. `phone.py` owns power, transfer, registration and
deadlines, and asks here which file comes next, what a set of files changes, and what a notification means.
"""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

from device_emulator.firmware.textfile import NOTHING, Fault, Settings
from device_emulator.messages import HttpRequest
from device_emulator.models import Model
from device_emulator.screen import Key, Page

Action = Literal["reboot", "fetch", "ignore"]
"""What somebody or something can make a phone do with its configuration: start anew, look whether it is another."""
Outcome = Literal["applied", "unchanged", "changed", "absent", "failed"]


class Flash(Struct, frozen=True):
    """What survives a power cut.

    `settings` are in force. `server` is the configuration as last downloaded and `local` what somebody changed at the
    phone, for firmware that keeps them apart; `locked` are keys that the server does not let anybody change.
    `digests` are (file name, MD5) of the last successful run. `url` ends with '/', '' means no server.
    """

    url: str = ""
    username: str = ""
    password: str = ""
    settings: Settings = NOTHING
    server: Settings = NOTHING
    local: Settings = NOTHING
    locked: tuple[str, ...] = ()
    digests: tuple[tuple[str, str], ...] = ()


class Fetched(Struct, frozen=True, gc=False):
    """A file that was asked for: `body` is None when the server does not have it (404)."""

    name: str
    body: bytes | None


class Report(Struct, frozen=True):
    """How a run ended. `outcome`: the files were `applied`; they were `unchanged` and not applied again; they
    `changed` and the phone reboots to read them; all were `absent`; or the run `failed`, which keeps what was in
    force. `reason` says it in words. `faults` are (file, fault) of lines that were ignored."""

    outcome: Outcome
    reason: str
    faults: tuple[tuple[str, Fault], ...] = ()


class Finish(Struct, frozen=True):
    """What a complete set of files makes of a phone."""

    flash: Flash
    report: Report
    reboot: bool = False


class Account(Struct, frozen=True, gc=False):
    """A SIP line as configured. `server` '' means: show it, do not register it. `expires` is in seconds."""

    number: int
    label: str
    user: str
    auth: str
    password: str
    server: str
    expires: int = 3600
    unregister_on_reboot: bool = False


class Show(Struct, frozen=True, gc=False):
    """The answer is a page to show."""

    page: Page


class Configure(Struct, frozen=True, gc=False):
    """The answer sets configuration keys while the phone runs."""

    items: tuple[tuple[str, str], ...]


class Execute(Struct, frozen=True, gc=False):
    """The answer is a list of things to fetch or to do, in order: URLs and `Command: …` words."""

    uris: tuple[str, ...]


class Unreadable(Struct, frozen=True, gc=False):
    """The answer cannot be used; `why` is shown to whoever stands at the phone."""

    why: str


Answer = Show | Configure | Execute | Unreadable | None


class Order(Struct, frozen=True, gc=False):
    """What a NOTIFY or a request to the phone's web server makes it do. `status` answers it (SIP or HTTP), with `body`
    where it is HTTP; `uris` are fetched or done one after the other, as those of an `Execute` are."""

    status: int = 200
    action: Action = "ignore"
    uris: tuple[str, ...] = ()
    body: bytes = b""


def parameters(event: str) -> tuple[str, dict[str, str]]:
    """An Event header as its name and parameters, in lower case: `check-sync;reboot=true`."""
    name, *rest = event.replace(" ", "").lower().split(";")
    return name, dict(one.partition("=")[::2] for one in rest)


class Firmware(Protocol):
    """The questions every firmware answers. All are pure functions; a module with these names is an implementation."""

    DND: str
    """The configuration key that is `1` while the phone is told not to ring; its DND key switches it."""

    def boot_ms(self, model: Model) -> int:
        """From power to the first request."""

    def flash_ms(self, model: Model) -> int:
        """How long the phone writes a configuration that is not the old one. Whoever cuts the power meanwhile finds the
        old one, whole."""

    def tries(self, model: Model, settings: Settings) -> int:
        """How often a file is asked for before a 404 is believed."""

    def retry_ms(self, model: Model, settings: Settings) -> int:
        """The pause between two such tries."""

    def user_agent(self, model: Model, mac: str) -> str:
        """The User-Agent of HTTP requests."""

    def sip_user_agent(self, model: Model, mac: str) -> str:
        """The User-Agent of SIP requests."""

    def next_file(self, model: Model, mac: str, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> str | None:
        """The file to ask for after those: a name relative to the server's URL, or a URL; None when complete.
        `live`: the run was started by check-sync on a running phone, not by a boot."""

    def finish(self, model: Model, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> Finish:
        """What the files of a complete run change. Never raises, whatever is in them."""

    def power_up(self, flash: Flash) -> Flash:
        """Flash as a boot finds it, before any file is asked for."""

    def set_locally(self, flash: Flash, key: str, value: str) -> Flash:
        """Somebody changes one key at the phone."""

    def configure(self, flash: Flash, items: tuple[tuple[str, str], ...]) -> Flash:
        """An XML answer sets keys; what it sets does not survive the next boot."""

    def clear_local(self, flash: Flash) -> Flash:
        """Everything set at the phone is forgotten."""

    def accounts(self, model: Model, settings: Settings) -> tuple[Account, ...]:
        """The enabled lines, by number."""

    def keys(self, model: Model, settings: Settings) -> tuple[Key, ...]:
        """The programmed keys, in the model's order."""

    def next_run(self, model: Model, mac: str, settings: Settings, now: int) -> int | None:
        """When the phone looks for another configuration by itself: the next instant after `now`, in ms; None if the
        settings say never. What is random in a window is the same each time for one phone, and spread over a fleet."""

    def notified(self, model: Model, settings: Settings, event: str, body: bytes) -> Order | None:
        """What a NOTIFY asks for; `event` is the Event header. None for an event that the phone does not know."""

    def served(self, model: Model, mac: str, settings: Settings, request: HttpRequest) -> Order:
        """What a request to the phone's own web server asks for."""

    def after_boot(self, model: Model, mac: str, settings: Settings) -> tuple[str, ...]:
        """The URLs to fetch at the end of a boot."""

    def after_registration(self, model: Model, mac: str, settings: Settings, line: int) -> tuple[str, ...]:
        """The URLs to fetch when a line registers for the first time since the boot."""

    def read_answer(self, body: bytes, url: str) -> Answer:
        """What the answer to such a fetch asks for. `url` is where it came from, for relative addresses in it."""
