"""Checks of what gives a phone away: secrets where they do not belong, open doors, and values that brought other
settings with them.

A value that held a line break is gone once the file is written, so what is told of it here is always "possibly".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from device_emulator.lint.findings import About, Hit, shown
from device_emulator.lint.grammar import BLANKS, HEADER, INCLUDE
from device_emulator.lint.source import Given, Source
from device_emulator.lint.vocabulary import free_text

_SECRET = re.compile(r"(?:^|[. _])(?:password|passwd|psk|secret|aes_key_16|aes_key)(?:\.\w+)?$", re.IGNORECASE)
_POWER = re.compile(
    r"^(?:static\.)?(?:auto_?provision\.|firmware\.|security\.|action_url\.|features\.action_uri|push_xml\.|network\."
    r"|managementserver\.|zero_touch\.|trusted_certificates\.|openvpn)"
    r"|\.(?:sip_server|outbound_proxy)|^(?:action uri|upgrade uri|firmware server|download protocol|http server"
    r"|https server|xml application|admin password|user password)|(?:proxy|registrar) ip$"
)


def holds_secret(source: Source) -> list[str]:
    """The keys of a file whose values are secrets, if they have values."""
    return [key for key, (value, _) in source.values.items() if value and value[0] != "%" and _SECRET.search(key)]


def common_secret(given: Given) -> Iterator[Hit]:
    """A line's password in a file that every phone fetches."""
    for source in given.configs:
        if source.part in ("common", "model"):
            for key, value, number in source.pairs:
                if value and value[0] != "%" and _SECRET.search(key) and key.startswith(("account.", "sip ")):
                    text = f"{shown(key)} stands in a file that phones ask for without saying which they are"
                    yield Hit(source.name, number, text, key)


def default_password(given: Given) -> Iterator[Hit]:
    """What everybody tries first."""
    for source in given.configs:
        for key, value, number in source.pairs:
            yealink = key.endswith("security.user_password") and value in ("admin:admin", "user:user", "var:var")
            if yealink or (key == "admin password" and value == "22222"):
                yield Hit(source.name, number, f"{shown(key)} is the factory's", key)


def open_door(given: Given) -> Iterator[Hit]:
    """Settings that let others in."""
    for source in given.configs:
        for key, value, number in source.pairs:
            name = key.removeprefix("static.")
            if name == "features.action_uri_limit_ip" and value == "any":
                yield Hit(source.name, number, "any host may press the phone's keys over HTTP", key)
            elif (name == "security.trust_certificates" and value == "0") or (
                name == "https validate certificates" and value == "0"
            ):
                yield Hit(source.name, number, "the phone takes any server's certificate, a stranger's as well", key)
            elif name == "telnet.telnet_enable" and value == "1":
                yield Hit(source.name, number, "telnet is open", key)


def injected(given: Given) -> Iterator[Hit]:
    """What looks as if the free text in the line above had held a line break."""
    for source in given.configs:
        if not source.accepted:
            continue
        at = {number: (key, value) for key, value, number in source.pairs}
        count: dict[str, int] = {}
        for key, _, _ in source.pairs:
            count[key] = count.get(key, 0) + 1
        for key, value, number in source.pairs:
            if not value or not free_text(key) or number >= len(source.lines):
                continue
            text = _after(source, key, number, at, count)
            if text:
                yield Hit(source.name, number + 1, text, key)


def _after(source: Source, key: str, number: int, at: dict[int, tuple[str, str]], count: dict[str, int]) -> str:
    """What is suspicious about the line after free text; '' if nothing is."""
    line = source.lines[number].strip(BLANKS)
    name = shown(key)
    if line.startswith((HEADER, INCLUDE)):
        return f"possibly part of {name}: a line like this has no place after it"
    if not line or line[0] == "#":
        return ""
    pair = at.get(number + 1)
    if pair is None:
        return f"possibly the rest of {name}: the line is no setting, and stands right after free text"
    if count[pair[0]] > 1 and pair[0] != key:
        if _POWER.search(pair[0]) or not free_text(pair[0]):
            return f"possibly brought in by {name}: {shown(pair[0])} stands elsewhere in the file as well"
        return ""
    after = next((at[one] for one in range(number + 2, number + 4) if one in at), None)
    if after and _POWER.search(pair[0]) and _group(key) == _group(after[0]) != _group(pair[0]):
        return f"possibly brought in by {name}: {shown(pair[0])} stands in the midst of {_group(key)} settings"
    return ""


def _group(key: str) -> str:
    if "." in key:
        first, _, rest = key.removeprefix("static.").partition(".")
        return f"{first}.{rest.partition('.')[0]}" if rest[:1].isdigit() else first
    return " ".join(key.split(" ")[:2])


ROWS = (
    (
        About(
            "common-secret",
            "warning",
            "A secret in a common file",
            "Put it into the phone's own file.",
            "kapejod 2013: configuration files are fetched by guessing; common files need no guess",
        ),
        common_secret,
    ),
    (
        About(
            "default-password",
            "warning",
            "A factory password",
            "Choose another.",
            "vendors' administrator guides",
        ),
        default_password,
    ),
    (
        About(
            "open-door",
            "warning",
            "A setting that lets others in",
            "Name the hosts that may; import the certificate authority instead of trusting everybody.",
            "Yealink guides on features.action_uri_limit_ip and trust_certificates; Mitel guides",
        ),
        open_door,
    ),
    (
        About(
            "possible-injection",
            "warning",
            "A value that may have brought other settings with it",
            "Take line breaks out of names before they are rendered; --template compares with what should be there.",
            "CVE-2024-41710: settings smuggled into a phone's configuration; a line end ends a value",
        ),
        injected,
    ),
)
