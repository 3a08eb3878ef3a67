"""Values that only commands carry: settings by vendor, policy by rule, what somebody types or dials at a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from pbxsim.core.entities import Policy, Settings
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.values import Parser

_SEPARATORS = str.maketrans("", "", " -().")
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


SettingsField = Annotated[Settings, Parser(_settings)]
PolicyField = Annotated[Policy, Parser(_policy)]
DialledNumber = Annotated[str, Parser(_dialled)]
Line = Annotated[str, Parser(_line_of)]
WantedField = Annotated[str, Parser(_wanted)]
Csv = Annotated[str, Parser(_csv)]
