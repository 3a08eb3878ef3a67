"""Aastra and Mitel: file names, the `key: value` syntax, its comments and its quotes.

Nothing here knows what a template says or when a file is served; the XML objects are in `aastra_xml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from provisioning.models import Model
from provisioning.plan import Line, Pairs, Plan
from provisioning.vendors.contract import Facts, File, Kind, Shape, plain

SEPARATOR = ":"
HEADER = ""
LABEL, DISPLAY_NAME = "sip line1 screen name", "sip line1 display name"
REPEATED: frozenset[str] = frozenset()

# `^key:` and `!key:` reset and lock a key from firmware 3.3 (admin guide 41-001343): a key starts with neither here.
_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 -]*[A-Za-z0-9])?", re.ASCII)
# sip transport protocol (admin guide); 0, both UDP and TCP, is not offered.
_TRANSPORT = {"udp": "1", "tcp": "2", "tls": "4"}


def key_label(model: Model, position: int) -> str:
    """`prgkey3 label`; on a 6755i `softkey1 label` is the seventh."""
    name, number = model.key_at(position)
    return f"{name}{number} label"


@lru_cache(maxsize=8192)
def files(model: Model, mac: str) -> Mapping[str, Kind]:
    """The MAC in upper case without separators (Wazo, FusionPBX). Phones also ask for `<model>.cfg` or `startup.cfg`,
    which nobody needs to have: Wazo serves these two only, up to firmware 8."""
    return {model.common: "common", own_file(mac): "mac"}


def own_file(mac: str) -> str:
    """`00085D112233.cfg`."""
    return f"{mac.upper()}.cfg"


def uploads(mac: str) -> tuple[str, ...]:
    """None. (`<user>_local.cfg` belongs to the native visitor desk phone, which this server does not offer.)"""
    return ()


def clean(value: str) -> str:
    """Quotes cannot be told from quoting (public scripts strip them all): a double one becomes a single one."""
    return plain(value).replace('"', "'")


def is_key(key: str) -> bool:
    """Words with blanks between them: no ':', no '#', no prefix."""
    return _KEY.fullmatch(key) is not None


def pair(key: str, value: str) -> str:
    """`#` starts a comment after a value too, but not inside quotes (FusionPBX's templates; `sip dial plan: "x+#"`)."""
    if "#" in value:
        return f'{key}: "{value}"'
    return f"{key}: {value}" if value else f"{key}:"


def show(pairs: Pairs) -> bytes:
    """See `Vendor`."""
    return "".join([f"{pair(key, value)}\n" for key, value in pairs]).encode()


def read(body: bytes) -> Pairs:
    """Split at the first ':', quotes taken off. A kept file of an old phone is ISO-8859-1 (`Model.encoding`), which is
    hardly ever UTF-8 by chance."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("iso-8859-1")
    found = (line.partition(":") for line in text.split("\n") if line)
    return tuple((key, value.strip(' "')) for key, _, value in found)


def boot(model: Model, mac: str) -> bytes:
    """There is none."""
    raise LookupError(f"An {model.name} asks for no boot file. Give its plan boot_files=False.")


@lru_cache(maxsize=64)
def traits(model: Model) -> Shape:
    """The key of that name logs out."""
    return (("log_out_key", f"{model.key}1"),)


def shape(plan: Plan, model: Model, file: File) -> Shape:
    """`at_login`: a phone at which somebody logs in; `logged_in`: somebody has."""
    at_login = plan.mode == "at_login"
    return ("at_login", at_login), ("logged_in", at_login and plan.log_in is not None)


def facts(plan: Plan, model: Model, file: File) -> Facts:
    """`west`: `time zone minutes` counts westward: 300 is GMT-5 (FusionPBX's templates)."""
    return {
        "base_url": clean(plan.base_url),
        "west": str(-plan.utc_offset),
        "transport": _TRANSPORT[plan.lines[0].transport] if plan.lines else "1",
    }


def keys(plan: Plan, model: Model) -> Iterator[tuple[Shape, Facts]]:
    """A key that is not in the file is none after the next boot."""
    last = model.positions
    for key in plan.keys:
        extension = clean(key.extension)
        if extension and key.position <= last:
            yield _key_shape(model, key.position), {"extension": extension, "label": clean(key.label) or extension}


@lru_cache(maxsize=4096)
def _key_shape(model: Model, position: int) -> Shape:
    """`prgkeyN`, `topsoftkeyN`, `softkeyN` (administrator guides)."""
    name, number = model.key_at(position)
    return (("key", f"{name}{number}"),)


def line_facts(line: Line) -> Facts:
    """See `templates/aastra/line.cfg`."""
    return {
        "label": clean(line.label),
        "display_name": clean(line.display_name),
        "user_name": clean(line.user_name),
        "auth_name": clean(line.auth_name),
        "password": clean(line.password),
        "extension": clean(line.extension),
        "server": clean(line.server),
        "port": str(line.port),
        "expires": str(line.expires),
        "voicemail": clean(line.voicemail),
    }
