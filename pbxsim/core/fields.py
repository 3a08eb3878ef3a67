"""Values that only commands carry: settings by vendor, policy by rule, what somebody types or dials at a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from pbxsim.core.entities import Policy, Settings
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.values import Parser

Offers = tuple[tuple[str, str], ...]
"""(source, URL): what a network tells a phone that asks."""
_SEPARATORS = str.maketrans("", "", " -().")
_OPTIONS = frozenset(map(str, range(1, 255)))
_KEYPAD = frozenset("0123456789*#")


def _settings(value: Any) -> Settings:
    """{vendor: {key: value}} -> the same, as sorted pairs."""
    faults: list[Fault] = []
    if not isinstance(value, Mapping):
        raise ValueError('must be an object such as {"yealink": {"account.1.label": "Desk"}}')
    for vendor, pairs in value.items():
        if vendor not in ("yealink", "aastra"):
            faults.append(Fault(f"/{vendor}", "must be a vendor: yealink or aastra"))
        elif not isinstance(pairs, Mapping):
            faults.append(Fault(f"/{vendor}", "must be an object of configuration keys and values"))
        else:
            for key, setting in pairs.items():
                if not (isinstance(key, str) and key.strip() and key.isprintable() and len(key) <= 128):
                    faults.append(Fault(f"/{vendor}/{key}", "must be a configuration key of that vendor"))
                if not isinstance(setting, str) or len(setting) > 1024:
                    faults.append(Fault(f"/{vendor}/{key}", "must be text of at most 1024 characters"))
    if faults:
        raise Invalid(faults)
    return tuple((vendor, tuple(sorted(pairs.items()))) for vendor, pairs in sorted(value.items()))


def _policy(value: Any) -> Policy:
    """{rule id: true, false, a number or a word} -> the same, as sorted pairs."""
    if not isinstance(value, Mapping):
        raise ValueError("must be an object of rule ids and what they are switched to")
    faults = [
        Fault(f"/{rule}", "must be true or false, a whole number above 0 and below a thousand million, or a word")
        for rule, to in value.items()
        if not (isinstance(rule, str) and (isinstance(to, bool | str) or (isinstance(to, int) and 0 < to < 10**9)))
    ]
    if faults:
        raise Invalid(faults)
    return tuple(sorted(value.items()))


def _dialled(value: Any) -> str:
    """What somebody dials; spaces, hyphens, dots and parentheses are nothing to press."""
    pressed = value.translate(_SEPARATORS) if isinstance(value, str) else ""
    if not 0 < len(pressed) <= 32 or not _KEYPAD.issuperset(pressed.removeprefix("+")) or pressed == "+":
        raise ValueError(
            f"must be what a telephone has keys for: at most 32 of 0-9, * and #, perhaps + first, not {value!r}"
        )
    return pressed


def _wanted(value: Any) -> str:
    """The fields of what somebody wants, kept as JSON text."""
    try:
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        given = msgspec.json.decode(text)
    except (ValueError, TypeError):
        text, given = "", None
    if not isinstance(given, dict) or len(text) > 4096:
        raise ValueError("must be an object of the fields of what is wanted, at most 4096 characters")
    return text


def _offers(value: Any) -> Offers:
    """{"66": URL, "pnp": URL} -> the same, as sorted pairs."""
    if not isinstance(value, Mapping):
        raise ValueError('must be an object such as {"66": "http://pbx.example/provision/acme/"}')
    faults: list[Fault] = []
    for source, url in value.items():
        if not (source == "pnp" or (isinstance(source, str) and source in _OPTIONS)):
            faults.append(Fault(f"/{source}", "must be a DHCP option's number, 1 to 254, or pnp"))
        elif not (isinstance(url, str) and url.isprintable() and url.strip() and len(url) <= 1024):
            faults.append(Fault(f"/{source}", "must be an address of at most 1024 characters"))
    if faults:
        raise Invalid(faults)
    return tuple(sorted((source, url.strip()) for source, url in value.items()))


def _knobs(value: Any) -> tuple[tuple[str, str], ...]:
    """{knob: value} -> the same as sorted pairs of texts."""
    if not isinstance(value, Mapping):
        raise ValueError('must be an object such as {"yealink.boot-ms": 20000}')
    for knob, to in value.items():
        if not (isinstance(knob, str) and isinstance(to, bool | int | str) and len(said := str(to)) <= 1024):
            raise Invalid([Fault(f"/{knob}", "must be true or false, a whole number, or a text")])
        if not said.isprintable():
            raise Invalid([Fault(f"/{knob}", "must be text of one line, without control characters")])
    return tuple(sorted((knob, str(to).lower() if isinstance(to, bool) else str(to)) for knob, to in value.items()))


def _csv(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be the text of a CSV file")
    if "\0" in value:
        raise ValueError("is no text: it holds the character NUL")
    return value


def _line_of(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 4096:
        raise ValueError("must be text of at most 4096 characters")
    return value


_SETTINGS = {
    "type": "object",
    "propertyNames": {"enum": ["yealink", "aastra"]},
    "additionalProperties": {
        "type": "object",
        "propertyNames": {"minLength": 1, "maxLength": 128},
        "additionalProperties": {"type": "string", "maxLength": 1024},
    },
    "examples": [{"yealink": {"account.1.label": "Desk"}}],
}
_SWITCH = {
    "anyOf": [{"type": "boolean"}, {"type": "integer", "minimum": 1, "maximum": 999_999_999}, {"type": "string"}]
}
_URL = {"type": "string", "minLength": 1, "maxLength": 1024}
_KNOB = {"anyOf": [{"type": "boolean"}, {"type": "integer"}, {"type": "string", "maxLength": 1024}]}

SettingsField = Annotated[Settings, Parser(_settings, schema=_SETTINGS)]
KnobsField = Annotated[
    tuple[tuple[str, str], ...],
    Parser(_knobs, schema={"type": "object", "additionalProperties": _KNOB, "examples": [{"yealink.boot-ms": 20000}]}),
]
OffersField = Annotated[
    Offers,
    Parser(
        _offers,
        schema={
            "type": "object",
            "propertyNames": {"pattern": "^(?:pnp|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-4])$"},
            "additionalProperties": _URL,
            "examples": [{"66": "http://pbx.example/provision/acme/"}],
        },
    ),
]
PolicyField = Annotated[Policy, Parser(_policy, schema={"type": "object", "additionalProperties": _SWITCH})]
DialledNumber = Annotated[
    str,
    Parser(_dialled, schema={"type": "string", "pattern": r"^[-(). ]*\+?[-(). ]*(?:[0-9*#][-(). ]*){1,32}$"}),
]
Line = Annotated[str, Parser(_line_of, schema={"type": "string", "maxLength": 4096})]
WantedField = Annotated[
    str,
    Parser(
        _wanted,
        schema={"anyOf": [{"type": "object"}, {"type": "string", "maxLength": 4096}], "examples": [{"user": "1002"}]},
    ),
]
Csv = Annotated[str, Parser(_csv, schema={"type": "string"})]
