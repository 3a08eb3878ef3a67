"""What one device is to be told: the contract between this server and any PBX.

A plan source (the world in process, any PBX over HTTP, a file) answers a claim with a plan. A plan is plain data,
compares by value, and holds everything that a render depends on: equal plans give equal bytes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct

Mode = Literal["live", "at_save", "at_login"]
Pairs = tuple[tuple[str, str], ...]

_MAC = re.compile(
    r"[0-9a-f]{12}"  # as Yealink writes it in file names
    r"|[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}"
    r"|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}"  # as Cisco's switches do
)


@lru_cache(maxsize=4096)
def normal_mac(text: str) -> str:
    """A MAC in any of the usual spellings and either case, as 12 lower-case hex digits; '' if it is none."""
    found = _MAC.fullmatch(text.lower())
    return found[0].replace(":", "").replace("-", "").replace(".", "") if found else ""


class Line(Struct, frozen=True, gc=False, cache_hash=True):
    """One SIP account of the device. `label` is shown on the idle screen, `display_name` goes with its calls."""

    label: str
    display_name: str
    user_name: str
    auth_name: str
    password: str
    extension: str
    server: str
    port: int = 5060
    transport: Literal["udp", "tcp", "tls"] = "udp"
    expires: int = 3600
    voicemail: str = ""


class Key(Struct, frozen=True, gc=False, cache_hash=True):
    """A programmable key that watches an extension (busy lamp field), `position` as the model counts them; one without
    an extension is switched off."""

    position: int
    extension: str = ""
    label: str = ""


class LogIn(Struct, frozen=True, gc=False):
    """What the PBX says to an extension and PIN typed at a phone.

    `ok`: `user` may have the phone, and `line` is what it is to be told; `wrong`: no such extension or PIN; `in_use`:
    logged in on another phone, which `where` names (not asked when the log-in says override); `unregistered`: the same,
    and that one has not registered yet, so that nobody may take it over."""

    outcome: Literal["ok", "wrong", "in_use", "unregistered"]
    user: str = ""
    line: Line | None = None
    where: str = ""


class Plan(Struct, frozen=True, cache_hash=True):
    """`mode` says when the device's own (MAC) file is rendered:

    - `live`: at each fetch;
    - `at_save`: when the PBX says that the device or its user was saved (`respond.saved`), served frozen until then;
    - `at_login`: when somebody logs in at the phone; without a log-in there is no such file.

    Common and boot files are always live. `username` and `password` are the device's HTTP credentials, `base_url` the
    account's place on the server, ending with '/'. `mac` is 12 lower-case hex digits, `utc_offset` minutes east of UTC.
    The two override pairs are (key, value) in the vendor's own keys; device wins over account, both win over
    templates."""

    device: str
    account: str
    mac: str
    model: str
    username: str
    password: str
    base_url: str
    mode: Mode = "live"
    lines: tuple[Line, ...] = ()
    keys: tuple[Key, ...] = ()
    utc_offset: int = 0
    boot_files: bool = False
    account_settings: Pairs = ()
    device_settings: Pairs = ()
    log_in: LogIn | None = None
