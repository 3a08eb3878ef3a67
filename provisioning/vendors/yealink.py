"""Yealink: file names, the `key = value` syntax, and its two magic values.

Nothing here knows what a template says or when a file is served.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from provisioning.models import Model
from provisioning.plan import Line, Pairs, Plan
from provisioning.vendors.contract import Facts, File, Kind, Shape, plain

SEPARATOR = "="
# "Cannot be edited or deleted" (vendor guides); without it the phone ignores the file.
HEADER = "#!version:1.0.0.1\n"
LABEL, DISPLAY_NAME = "account.1.label", "account.1.display_name"
# One entry per log-in name, `security.user_password = admin:secret`, repeated (template comments in FusionPBX).
REPEATED = frozenset({"security.user_password", "static.security.user_password"})

# From V81 on a model asks for its own boot file, then for the one of all models; only when both are missing for the two
# .cfg (auto-provisioning guides V81 to V86). The same release put `static.` before many keys.
_ALL_MODELS_BOOT = "y000000000000.boot"
_BOOT_FILES = 81
# As a whole value, %NULL% resets the key to the factory's default and %EMPTY% sets it to nothing (Wazo's templates).
# Letters are compared without case: default, unverified, and the safer side.
_MAGIC = frozenset({"%NULL%", "%EMPTY%"})
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
# account.X.sip_server.Y.transport_type (template comments in FusionPBX); 3, DNS-NAPTR, is not offered.
_TRANSPORT = {"udp": "0", "tcp": "1", "tls": "2"}


def key_label(model: Model, position: int) -> str:
    """`linekey.3.label`; on a T28P `memorykey.1.label` is the seventh."""
    name, number = model.key_at(position)
    return f"{name}.{number}.label"


@lru_cache(maxsize=8192)
def files(model: Model, mac: str) -> Mapping[str, Kind]:
    """All names in lower case, as the phone asks for them."""
    plain: dict[str, Kind] = {model.common: "common", own_file(mac): "mac"}
    return plain if model.release < _BOOT_FILES else {**plain, f"{mac}.boot": "boot", _ALL_MODELS_BOOT: "boot"}


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
    return value.strip("%") if value[:1] == "%" and value.upper() in _MAGIC else value


def is_key(key: str) -> bool:
    """Dotted words: no blank, no '=', no ':' (which would make `include:config` or `#!version:` of it), no '#'."""
    return _KEY.fullmatch(key) is not None


def pair(key: str, value: str) -> str:
    """An empty value stands as `key =`, which leaves the phone's own value alone."""
    return f"{key} = {value}" if value else f"{key} ="


def show(pairs: Pairs) -> bytes:
    """See `Vendor`."""
    lines = [pair(key, value) for key, value in pairs]
    return (HEADER + "\n".join(lines) + "\n").encode()


def read(body: bytes) -> Pairs:
    """Split at the first '='."""
    found = (line.partition("=") for line in body.decode().split("\n")[1:] if line)
    return tuple((key.strip(" "), value.strip(" ")) for key, _, value in found)


def boot(model: Model, mac: str) -> bytes:
    """Names are relative to where the boot file was found; common first, since the later value wins."""
    if model.release < _BOOT_FILES:
        raise LookupError(f"A {model.name} asks for no boot file. Give its plan boot_files=False.")
    return f'{HEADER}include:config "{model.common}"\ninclude:config "{own_file(mac)}"\n'.encode()


@lru_cache(maxsize=256)
def traits(model: Model) -> Shape:
    """`static`: what is put before keys that personal settings must not touch; `line_keys`: how many can be lines, and
    `first_line` what the first line is called there."""
    return (
        ("release", model.release),
        ("static", "static." if model.release >= _BOOT_FILES else ""),
        ("lines", model.lines),
        ("line_keys", model.keys),
        ("first_line", model.first_line),
    )


def shape(plan: Plan, model: Model, file: File) -> Shape:
    """`used`: how many lines the plan has. The others are switched off, so that a device that loses a line stops
    registering it."""
    return (("used", len(plan.lines)),) if file == "mac" else ()


def facts(plan: Plan, model: Model, file: File) -> Facts:
    """What the templates say of the account."""
    return {"time_zone": _time_zone(plan.utc_offset)} if file == "common" else {}


def _time_zone(offset: int) -> str:
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours}{f':{minutes:02}' if minutes else ''}" if offset else "0"


def keys(plan: Plan, model: Model) -> Iterator[tuple[Shape, Facts]]:
    """A key that is only left out goes on as it was: one that watches nobody any more is said to be none."""
    last = model.positions
    for key in plan.keys:
        if key.position <= last:
            extension = clean(key.extension)
            yield (
                _key_shape(model, key.position, bool(extension)),
                {"extension": extension, "label": clean(key.label) or extension},
            )


@lru_cache(maxsize=4096)
def _key_shape(model: Model, position: int, watches: bool) -> Shape:
    name, number = model.key_at(position)
    return ("key", f"{name}.{number}"), ("watches", watches)


def line_facts(line: Line) -> Facts:
    """See `templates/yealink/line.cfg`."""
    return {
        "label": clean(line.label),
        "display_name": clean(line.display_name),
        "user_name": clean(line.user_name),
        "auth_name": clean(line.auth_name),
        "password": clean(line.password),
        "server": clean(line.server),
        "port": str(line.port),
        "transport": _TRANSPORT[line.transport],
        "expires": str(line.expires),
        "voicemail": clean(line.voicemail),
    }
