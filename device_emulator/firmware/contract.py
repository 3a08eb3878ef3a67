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
from device_emulator.screen import Key, LineShown, Page
from device_emulator.screen import Purpose as Purpose

Offers = tuple[tuple[str, str], ...]
"""(source, URL): see `messages.Place`."""
Action = Literal["reboot", "fetch", "reset", "clear", "ignore"]
"""What somebody or something can make a phone do with its configuration: start anew, look whether it is another, forget
everything, forget what was set at the phone."""
Outcome = Literal["applied", "unchanged", "changed", "absent", "failed"]


class Visitor(Struct, frozen=True):
    """Somebody is logged in at the phone: `server` is what his own file says, `local` what he has set since, which is
    uploaded; both count more than anything of the phone's."""

    user: str
    password: str = ""
    server: Settings = NOTHING
    local: Settings = NOTHING


class Flash(Struct, frozen=True):
    """What survives a power cut.

    `settings` are in force. `server` is the configuration as last downloaded and `local` what somebody changed at the
    phone, for firmware that keeps them apart; `locked` are keys that the server does not let anybody change.
    `digests` are (file name, MD5) of the last successful run. `url` ends with '/', '' means no server. `once` is what
    counts for one boot only, `visitor` who is logged in at a phone that knows visitors by itself. `callers` and
    `redial` are the numbers that called and were called, the last one first. `trusted`
    are the addresses that somebody at the phone lets control it.
    """

    url: str = ""
    username: str = ""
    password: str = ""
    settings: Settings = NOTHING
    server: Settings = NOTHING
    local: Settings = NOTHING
    locked: tuple[str, ...] = ()
    digests: tuple[tuple[str, str], ...] = ()
    once: Settings = NOTHING
    visitor: Visitor | None = None
    callers: tuple[str, ...] = ()
    redial: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()


class Server(Struct, frozen=True, gc=False):
    """A provisioning server that a phone was told of, with what it says it is. `url` ends with '/'."""

    url: str
    username: str = ""
    password: str = ""


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
    """What a complete set of files makes of a phone. `version`: another firmware, which runs after the reboot;
    `flash_ms` is how much longer it takes to write."""

    flash: Flash
    report: Report
    reboot: bool = False
    version: str = ""
    flash_ms: int = 0


class Account(Struct, frozen=True, gc=False):
    """A SIP line as configured. `server` '' means: show it, do not register it. `expires` is in seconds. `second` is
    shown in the row below the label; `tells_mac`: its REGISTER has the phone's MAC in a header."""

    number: int
    label: str
    user: str
    auth: str
    password: str
    server: str
    expires: int = 3600
    unregister_on_reboot: bool = False
    second: str = ""
    tells_mac: bool = False


class Show(Struct, frozen=True, gc=False):
    """The answer is a page to show."""

    page: Page


SetType = Literal["remote", "local", "oneBoot", "override"]
"""Where a key that an answer sets is kept: with the server's (the default), with what was set at the phone, for the
next boot alone, or with the server's in place of what was set at the phone."""


class Configure(Struct, frozen=True, gc=False):
    """The answer sets configuration keys while the phone runs. `kinds` says of each item where, () that all are
    `remote`. `closes`: the page whose answer this is goes."""

    items: tuple[tuple[str, str], ...]
    kinds: tuple[SetType, ...] = ()
    closes: bool = False


class Execute(Struct, frozen=True, gc=False):
    """The answer is a list of things to fetch or to do, in order: URLs and `Command: …` words. `closes`: see above."""

    uris: tuple[str, ...]
    closes: bool = False


class Say(Struct, frozen=True, gc=False):
    """The answer puts messages on the idle screen, by (index, text): one takes the place of the one with its index that
    the same `session` put there before, and an empty text takes it away. `closes`: see above."""

    session: str
    messages: tuple[tuple[int, str], ...]
    closes: bool = False


class Unreadable(Struct, frozen=True, gc=False):
    """The answer cannot be used; `why` is shown to whoever stands at the phone."""

    why: str


Answer = Show | Configure | Execute | Say | Unreadable | None


class Visiting(Struct, frozen=True, gc=False):
    """How a phone treats visitors: where their files are, whether each log-in, log-out and loss of power wants a
    password, and after how many ms their settings are uploaded again (0: only at the log-out)."""

    url: str
    secure: bool = False
    upload_ms: int = 0


class Order(Struct, frozen=True, gc=False):
    """What a NOTIFY or a request to the phone's web server makes it do. `status` answers it (SIP or HTTP), with `body`
    where it is HTTP; `uris` are fetched or done one after the other, as those of an `Execute` are. `page` is an XML
    object that came along, and is read as if the phone had fetched it. `sets` are keys changed as if at the phone,
    `presses` keys pressed, `dial` a number called, `ask` a page of its own; a `force`d run waits for no call."""

    status: int = 200
    action: Action = "ignore"
    uris: tuple[str, ...] = ()
    body: bytes = b""
    page: bytes = b""
    sets: tuple[tuple[str, str], ...] = ()
    presses: tuple[str, ...] = ()
    dial: str = ""
    ask: Page | None = None
    force: bool = False


def parameters(event: str) -> tuple[str, dict[str, str]]:
    """An Event header as its name and parameters, in lower case: `check-sync;reboot=true`."""
    name, *rest = event.replace(" ", "").lower().split(";")
    return name, dict(one.partition("=")[::2] for one in rest)


class Visits(Protocol):
    """What a firmware says of people who log in at the phone itself. All are pure functions."""

    def visiting(self, model: Model, mac: str, settings: Settings) -> Visiting | None:
        """How it treats visitors; None if it is not set up for them."""

    def stays(self, model: Model, mac: str, flash: Flash, lost: bool) -> bool:
        """Whether whoever is logged in still is, when the phone boots; `lost`: because it had lost its power."""

    def enter(self, flash: Flash, visitor: Visitor | None) -> Flash:
        """Somebody is here now, or nobody any more: his settings are in force, or they are gone."""

    def names(self, model: Model, user: str) -> tuple[str, str]:
        """His own file, and that of what he has set."""

    def settings(self, model: Model, body: bytes) -> Settings:
        """What such a file says. Never raises."""

    def upload(self, model: Model, settings: Settings) -> bytes:
        """What he has set, as a file."""

    def uploads(self, model: Model) -> bool:
        """Whether a log-out uploads it."""

    def by_xml(self, model: Model, items: tuple[tuple[str, str], ...]) -> str | None:
        """Whom an XML answer that sets these keys logs in, '' if it logs out, None if it does neither."""


class Firmware(Protocol):
    """The questions every firmware answers. All are pure functions; a module with these names is an implementation."""

    VISITS: Visits | None
    """What it knows of people who log in at the phone itself; None if it knows of none."""

    DND: str
    """The configuration key that is `1` while the phone is told not to ring; its DND key switches it."""

    WATCHES: str
    """What the type of a key that watches an extension (BLF) is in a configuration."""

    def boot_ms(self, model: Model) -> int:
        """From power to the first request."""

    def flash_ms(self, model: Model) -> int:
        """How long the phone writes a configuration that is not the old one. Whoever cuts the power meanwhile finds the
        old one, whole."""

    def offered(self, model: Model, flash: Flash, offers: Offers) -> str:
        """The URL that counts among those a network offers; '' if none does, and the phone goes by its flash."""

    def redirector(self, model: Model, mac: str, flash: Flash, offers: Offers) -> str:
        """The vendor's redirect service, asked at a boot by a phone that is as it left the factory: a URL that answers
        302 with the customer's; '' if it is not asked."""

    def checks_certificates(self, model: Model, settings: Settings) -> bool:
        """Whether an expired or unknown certificate ends a fetch."""

    def tries(self, model: Model, settings: Settings) -> int:
        """How often a file is asked for before a 404 is believed."""

    def retry_ms(self, model: Model, settings: Settings) -> int:
        """The pause between two such tries."""

    def answer_ms(self, model: Model, settings: Settings) -> int:
        """How long it waits for an answer in a run."""

    def redirects(self, model: Model) -> int:
        """How many redirects it follows, one after the other."""

    def schemes(self, model: Model) -> tuple[str, ...]:
        """In which ways it can say who it is: `digest`, `basic`."""

    def absent(self, model: Model, name: str, status: int) -> bool:
        """Whether this status of that file means that the run goes on without it; any other failure ends the run."""

    def spelled(self, model: Model, mac: str, url: str) -> str:
        """The server's URL with the words in it that stand for something else."""

    def at_power_on(self, model: Model, settings: Settings) -> bool:
        """Whether a boot fetches the configuration."""

    def login_page(self, model: Model, settings: Settings) -> Page | None:
        """What is shown when the server wants to know who the phone is and it cannot say; None if nothing is."""

    def first_page(self, model: Model, settings: Settings) -> Page | None:
        """What is shown at the end of a boot before anything else; None for nothing."""

    def submitted(self, model: Model, flash: Flash, page: Page, fields: tuple[str, ...]) -> tuple[Flash, Order]:
        """What somebody has typed into one of these pages, or agreed to."""

    def menu(self, model: Model) -> tuple[str, ...]:
        """Items of its menu that do something with its configuration; each is pressed by its text."""

    def chosen(self, model: Model, item: str) -> Order | None:
        """What such an item does; None for what is none."""

    def wizard(self, model: Model, flash: Flash, key: Key) -> tuple[Flash, Page] | None:
        """A programmed key that asks who is there: what it does at once, and its page. None for any other key."""

    def upload(self, model: Model, mac: str, flash: Flash) -> tuple[str, str, bytes] | None:
        """(method, name or URL, body) of what goes to the server when something was set at the phone; None if
        nothing does."""

    def user_agent(self, model: Model, mac: str, settings: Settings = NOTHING) -> str:
        """The User-Agent of HTTP requests."""

    def sip_user_agent(self, model: Model, mac: str, settings: Settings = NOTHING) -> str:
        """The User-Agent of SIP requests."""

    def next_file(self, model: Model, mac: str, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> str | None:
        """The file to ask for after those: a name relative to the server's URL, or a URL; None when complete.
        `live`: the run was started by check-sync on a running phone, not by a boot."""

    def finish(self, model: Model, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> Finish:
        """What the files of a complete run change. Never raises, whatever is in them."""

    def power_up(self, flash: Flash) -> Flash:
        """Flash as a boot finds it, before any file is asked for."""

    def set_locally(self, model: Model, flash: Flash, key: str, value: str) -> Flash:
        """Somebody changes one key at the phone."""

    def configure(self, model: Model, flash: Flash, answer: Configure) -> Flash:
        """An XML answer sets keys."""

    def default_login(self, model: Model) -> tuple[str, str]:
        """The name and password of a phone that was never given any; ('', '') if it has none."""

    def clear_local(self, flash: Flash) -> Flash:
        """Everything set at the phone is forgotten."""

    def accounts(self, model: Model, settings: Settings) -> tuple[Account, ...]:
        """The enabled lines, by number."""

    def keys(self, model: Model, settings: Settings) -> tuple[Key, ...]:
        """The programmed keys, in the model's order."""

    def watch_seconds(self, model: Model, settings: Settings) -> int:
        """For how many seconds such a key asks to be told."""

    def next_run(self, model: Model, mac: str, settings: Settings, now: int) -> int | None:
        """When the phone looks for another configuration by itself: the next instant after `now`, in ms; None if the
        settings say never. What is random in a window is the same each time for one phone, and spread over a fleet."""

    def patience_ms(self, model: Model, settings: Settings) -> int:
        """For how long nobody may have touched the phone before it looks by itself."""

    def notified(self, model: Model, settings: Settings, event: str, body: bytes, stranger: bool) -> Order | None:
        """What a NOTIFY asks for; `event` is the Event header, `stranger` that it does not come from a server at which
        the phone has a line. None for an event that the phone does not know."""

    def served(self, model: Model, mac: str, flash: Flash, request: HttpRequest, lines: tuple[LineShown, ...]) -> Order:
        """What a request to the phone's own web server asks for; `lines` are as its screen shows them."""

    def after_boot(self, model: Model, mac: str, settings: Settings) -> tuple[str, ...]:
        """The URLs to fetch at the end of a boot."""

    def after_registration(self, model: Model, mac: str, settings: Settings, line: int) -> tuple[str, ...]:
        """The URLs to fetch when a line registers for the first time since the boot."""

    def happened(
        self, model: Model, mac: str, settings: Settings, event: str, line: int, about: tuple[tuple[str, str], ...]
    ) -> tuple[str, ...]:
        """The URLs to fetch when something happens at that line: `registration event`, `incoming`, `outgoing`,
        `offhook`, `onhook`, `connected`, `disconnected`, `poll`. `about` are the variables that tell more of it."""

    def poll_ms(self, model: Model, settings: Settings) -> int:
        """After how long it polls again; 0 for never."""

    def read_answer(self, model: Model, body: bytes, url: str) -> Answer:
        """What the answer to such a fetch asks for. `url` is where it came from, for relative addresses in it."""
