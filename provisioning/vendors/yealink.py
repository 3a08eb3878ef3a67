"""Yealink, firmware V81 and later: file names, the `key = value` syntax, and its two magic values.

Nothing here knows what a template says or when a file is served.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from provisioning.models import Model
from provisioning.plan import Key, Line, Pairs, Plan
from provisioning.vendors.contract import Facts, Kind, plain

SEPARATOR = "="
LABEL, DISPLAY_NAME = "account.1.label", "account.1.display_name"
# One entry per log-in name, `security.user_password = admin:secret`, repeated (template comments in FusionPBX).
REPEATED = frozenset({"security.user_password", "static.security.user_password"})

# "Cannot be edited or deleted" (vendor guides); without it the phone ignores the file.
_HEADER = "#!version:1.0.0.1\n"
# A model asks for its own boot file, then for the one of all models; only when both are missing for the two .cfg
# (auto-provisioning guides V81 to V86).
_ALL_MODELS_BOOT = "y000000000000.boot"
# As a whole value, %NULL% resets the key to the factory's default and %EMPTY% sets it to nothing (Wazo's templates).
# Letters are compared without case: default, unverified, and the safer side.
_MAGIC = frozenset({"%NULL%", "%EMPTY%"})
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
# account.X.sip_server.Y.transport_type (template comments in FusionPBX); 3, DNS-NAPTR, is not offered.
_TRANSPORT = {"udp": "0", "tcp": "1", "tls": "2"}
_BLF, _NO_KEY = "16", "0"


def key_label(model: Model, position: int) -> str:
    """`linekey.3.label`."""
    return f"{model.key}.{position}.label"


@lru_cache(maxsize=8192)
def files(model: Model, mac: str) -> Mapping[str, Kind]:
    """All names in lower case, as the phone asks for them."""
    return {model.common: "common", own_file(mac): "mac", f"{mac}.boot": "boot", _ALL_MODELS_BOOT: "boot"}


def own_file(mac: str) -> str:
    """`805ec0112233.cfg`."""
    return f"{mac}.cfg"


@lru_cache(maxsize=8192)
def uploads(mac: str) -> tuple[str, ...]:
    """Personal settings, contacts and call log: PUT when they change, fetched again in each run (vendor guides)."""
    return (f"{mac}-local.cfg", f"{mac}-contact.xml", f"{mac}-calllog.xml")


def clean(value: str) -> str:
    """There is no quoting and no escape: a value is the rest of its line, without the blanks at its ends."""
    value = plain(value)
    return value.strip("%") if value.upper() in _MAGIC else value


def is_key(key: str) -> bool:
    """Dotted words: no blank, no '=', no ':' (which would make `include:config` or `#!version:` of it), no '#'."""
    return _KEY.fullmatch(key) is not None


def show(pairs: Pairs) -> bytes:
    """An empty value stands as `key =`, which leaves the phone's own value alone."""
    lines = [f"{key} = {value}" if value else f"{key} =" for key, value in pairs]
    return (_HEADER + "\n".join(lines) + "\n").encode()


def read(body: bytes) -> Pairs:
    """Split at the first '='."""
    found = (line.partition("=") for line in body.decode().split("\n")[1:] if line)
    return tuple((key.strip(" "), value.strip(" ")) for key, _, value in found)


def boot(model: Model, mac: str) -> bytes:
    """Names are relative to where the boot file was found; common first, since the later value wins."""
    return f'{_HEADER}include:config "{model.common}"\ninclude:config "{own_file(mac)}"\n'.encode()


def facts(plan: Plan, model: Model) -> Facts:
    """Lines that the plan does not use are switched off, so that a device that loses a line stops registering it."""
    hours, minutes = divmod(abs(plan.utc_offset), 60)
    zone = f"{'-' if plan.utc_offset < 0 else '+'}{hours}{f':{minutes:02}' if minutes else ''}"
    return {
        "time_zone": zone if plan.utc_offset else "0",
        "spare_lines": range(len(plan.lines) + 1, model.lines + 1),
        "keys": [_key_facts(key) for key in plan.keys if key.position <= model.keys],
    }


def _key_facts(key: Key) -> Facts:
    """Key type 16 watches an extension, 0 is none (FusionPBX's vendor functions): a key that is only left out of the
    file goes on as it was."""
    extension = clean(key.extension)
    kind = _BLF if extension else _NO_KEY
    return {"n": key.position, "type": kind, "extension": extension, "label": clean(key.label) or extension}


def line_facts(number: int, line: Line) -> Facts:
    """See `templates/yealink/line.cfg`."""
    return {
        "n": number,
        "label": clean(line.label),
        "display_name": clean(line.display_name),
        "user_name": clean(line.user_name),
        "auth_name": clean(line.auth_name),
        "password": clean(line.password),
        "server": clean(line.server),
        "port": line.port,
        "transport": _TRANSPORT[line.transport],
        "expires": line.expires,
        "voicemail": clean(line.voicemail),
    }
