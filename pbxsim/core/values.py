"""The values people type: MAC addresses, extensions, numbers, names, PINs.

Each has one canonical text; a parser takes what people write and returns it, or raises ValueError with a message that
says what was expected. An annotated type carries its parser, so that `build` can check foreign values by it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from msgspec import Struct

_HEX = frozenset("0123456789abcdef")
_MAC_SEPARATORS = str.maketrans("", "", ":-. ")
_E164_SEPARATORS = str.maketrans("", "", " -().")
_NOT_IN_ADDRESSES = frozenset('()<>[]:;@\\,"')
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class Parser(Struct, frozen=True, eq=False):
    """An annotation: values of this type pass through `parse`, which returns the canonical form or raises ValueError.

    `secret`: what was typed never goes on; `build` hands the parsed value to its `conceal` and keeps the verifier.
    `schema` says in JSON Schema's words what `parse` takes, so that a document can; a struct may stand in it for its
    own schema. What no schema can say (is there such a country?) `parse` alone knows: it takes nothing else."""

    parse: Callable[[Any], Any]
    secret: bool = False
    schema: Mapping[str, Any] = {}


def text(value: object) -> str:
    """Any text that can be written in UTF-8 on one line, at most 128 characters."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {value_kind(value)}")
    if len(value) > 128:
        raise ValueError(f"must be at most 128 characters, has {len(value)}")
    if not value.isprintable():  # most names end here
        for character in value:
            if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
                raise ValueError(f"must not hold the control character U+{ord(character):04X}")
    return value


def name(value: object) -> str:
    """A text that is not blank: what a person looks for in a list."""
    checked = text(value)
    if not checked.strip():
        raise ValueError("must not be blank")
    return checked


def mac(value: object) -> str:
    """A MAC address, as 12 lower-case hex digits; colons, hyphens, dots and either case are understood."""
    digits = value.translate(_MAC_SEPARATORS).lower() if isinstance(value, str) else ""
    if len(digits) != 12 or not _HEX.issuperset(digits):
        raise ValueError(f"must be a MAC address such as 80:5e:c0:11:22:33, not {value!r}")
    if int(digits[1], 16) & 1:
        raise ValueError(f"must be a single device's MAC address; {colons(digits)} is a multicast address")
    return digits


def colons(mac: str) -> str:
    """A canonical MAC as people read it: 80:5e:c0:11:22:33."""
    return f"{mac[:2]}:{mac[2:4]}:{mac[4:6]}:{mac[6:8]}:{mac[8:10]}:{mac[10:]}"


def extension(value: object) -> str:
    """An internal number, of digits alone. How many there are is for the platform to say."""
    if isinstance(value, str) and value.isdigit() and value.isascii():
        return value
    if isinstance(value, int):
        raise ValueError(f'must be text, since an extension may begin with 0: "{value}"')
    raise ValueError(f"must be digits such as 204, not {value!r}")


EXTENSION_DIGITS = (2, 6)  # fewest and most, unless a platform says otherwise


def box_number(value: object) -> str:
    """The number of a mailbox: like an extension, but shared mailboxes have one too, and no article bounds them."""
    fewest, most = EXTENSION_DIGITS
    if isinstance(value, str) and not fewest <= len(value) <= most:
        raise ValueError(f"must be {fewest} to {most} digits, not {value!r}")
    return extension(value)


def dialled(value: object) -> str:
    """What a callflow may be dialled by inside the account: an extension or a feature code, such as 204 or *11."""
    if isinstance(value, str) and 1 <= len(value) <= 15 and value.isascii() and value.lstrip("*#").isdigit():
        return value
    raise ValueError(f"must be an extension or a feature code such as 204 or *11, not {value!r}")


def destination(value: object) -> str:
    """What a call is to: whatever somebody dials. A call to nowhere is a call too; one to nothing is none."""
    checked = text(value).strip()
    if not checked:
        raise ValueError("must say what is dialled: a number, an extension or a code, not blanks")
    return checked


def e164(value: object, country: str = "") -> str:
    """A telephone number, as E.164: +61255501234. National input is understood where the country is known.

    Source: ITU-T E.164; which numbers are possible is libphonenumber's knowledge."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {value_kind(value)}")
    import phonenumbers  # 22 ms, and not every world has numbers

    example = "must be a number in E.164 form such as +61255501234"
    try:
        number = phonenumbers.parse(value.translate(_E164_SEPARATORS), country or None)
    except phonenumbers.NumberParseException:
        hint = "" if country else " (or set the account's country, for numbers as they are dialled there)"
        raise ValueError(f"{example}, not {value!r}{hint}") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"{example}; no country has a number {value!r}")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def pin(value: object) -> str:
    """A voicemail PIN: 4 to 6 digits (KAZOO, schema of vmboxes)."""
    if isinstance(value, str) and 4 <= len(value) <= 6 and value.isdigit() and value.isascii():
        return value
    raise ValueError("must be 4 to 6 digits")


def password(value: object) -> str:
    """A password somebody types: 6 to 128 characters."""
    if isinstance(value, str) and 6 <= len(value) <= 128:
        return value
    raise ValueError("must be 6 to 128 characters")


def _label(text: str) -> bool:
    """One part of a domain name: letters and digits of any script, hyphens inside."""
    return text.replace("-", "a").isalnum() and text[0] != "-" != text[-1]


def email(value: object) -> str:
    """An e-mail address, or '' for none: local part and domain, in any script, nothing that a header would need quoted
    (RFC 5321, RFC 6531), so that an address can never be more than one address."""
    if value == "":
        return ""
    checked = text(value)
    local, _, domain = checked.partition("@")
    labels = domain.split(".")
    plain = not any(c.isspace() or c in _NOT_IN_ADDRESSES for c in local) and local.isprintable()
    if not (local and plain and len(labels) > 1 and all(map(_label, labels))):
        raise ValueError(f"must be an e-mail address such as ann@example.com, not {value!r}")
    return checked


def account_id(value: object) -> str:
    """An account's id: 2 to 32 lower-case letters, digits and hyphens, a letter first."""
    if isinstance(value, str) and 2 <= len(value) <= 32 and value[0].isalpha() and _ID_CHARACTERS.issuperset(value):
        return value
    raise ValueError(f"must be 2 to 32 lower-case letters, digits or hyphens, a letter first, not {value!r}")


def country(value: object) -> str:
    """A country by its two letters (ISO 3166), or '' for none: then only E.164 input is understood."""
    if value == "":
        return ""
    if isinstance(value, str) and len(value) == 2:
        import phonenumbers  # as for the account's numbers

        if value.upper() in phonenumbers.SUPPORTED_REGIONS:
            return value.upper()
    raise ValueError(f"must be a country's two letters such as AU, not {value!r}")


def timezone(value: object) -> str:
    """A time zone by its IANA name, such as Australia/Sydney."""
    if value == "UTC":
        return "UTC"
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text(value)).key
    except (OSError, ValueError, LookupError):
        raise ValueError(f"must be a time zone such as Australia/Sydney, not {value!r}") from None


def positive(value: object) -> int:
    """A whole number above 0."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000_000:
        return value
    raise ValueError(f"must be a whole number above 0, not {value!r}")


RING = 6  # seconds: two of tone, four of silence (ITU-T E.180, North America)


def ring_time(value: object) -> int:
    """How long something rings: whole seconds, or a number of rings such as "4 rings", at most an hour; in seconds."""
    if isinstance(value, str):
        count, _, word = value.strip().partition(" ")
        if count.isascii() and count.isdigit() and len(count) < 10 and word in ("ring", "rings"):
            value = int(count) * RING
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 3600:
        return value
    raise ValueError(f'must be seconds (1 to 3600) or rings such as "4 rings", not {value!r}')


def dial_key(value: object) -> str:
    """A key of a telephone: 0 to 9, * or #."""
    if isinstance(value, str) and len(value) == 1 and value in "0123456789*#":
        return value
    raise ValueError(f"must be a key of a telephone, 0 to 9, * or #, not {value!r}")


def clock_time(value: object) -> str:
    """A time of day such as 09:30; 24:00 is the end of the day."""
    if isinstance(value, str) and len(value) == 5 and value[2] == ":" and (value[:2] + value[3:]).isdigit():
        hour, minute = int(value[:2]), int(value[3:])
        if value.isascii() and ((hour < 24 and minute < 60) or value == "24:00"):
            return value
    raise ValueError(f"must be a time of day such as 09:30, not {value!r}")


def date(value: object) -> str:
    """A day such as 2025-12-25 (ISO 8601)."""
    from datetime import date as day

    if isinstance(value, str) and len(value) == 10:
        try:
            return day.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise ValueError(f"must be a day such as 2025-12-25, not {value!r}")


def value_kind(value: object) -> str:
    """What a wrong value is, in a message."""
    return "null" if value is None else type(value).__name__


_LINE = r"[^\u0000-\u001f\u007f-\u009f\u2028\u2029]"
_NOT_BLANK = rf"^{_LINE}*[^\s\u0000-\u001f\u007f-\u009f]{_LINE}*$"
_DIGIT, _SEPARATED = "[0-9A-Fa-f]", "[-:. ]*"
_DOMAIN = r"[^\s\u0000-\u002c\u002e\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9]+"

Text = Annotated[str, Parser(text, schema={"type": "string", "maxLength": 128, "pattern": f"^{_LINE}*$"})]
Name = Annotated[str, Parser(name, schema={"type": "string", "minLength": 1, "maxLength": 128, "pattern": _NOT_BLANK})]
Mac = Annotated[
    str,
    Parser(
        mac,
        schema={
            "type": "string",
            "pattern": f"^{_SEPARATED}{_DIGIT}{_SEPARATED}[02468ACEace](?:{_SEPARATED}{_DIGIT}){{10}}{_SEPARATED}$",
            "examples": ["80:5e:c0:11:22:33"],
        },
    ),
]
Extension = Annotated[str, Parser(extension, schema={"type": "string", "pattern": "^[0-9]+$", "examples": ["1002"]})]
BoxNumber = Annotated[str, Parser(box_number, schema={"type": "string", "pattern": "^[0-9]{2,6}$"})]
Destination = Annotated[
    str, Parser(destination, schema={"type": "string", "minLength": 1, "maxLength": 128, "pattern": _NOT_BLANK})
]
Email = Annotated[
    str,
    Parser(
        email,
        schema={
            "type": "string",
            "maxLength": 128,
            "pattern": rf'^$|^[^\s\u0000-\u001f\u007f-\u009f()<>\[\]:;@\\,"]+@{_DOMAIN}(?:\.{_DOMAIN})+$',
            "examples": ["ann@example.com", ""],
        },
    ),
]
AccountId = Annotated[str, Parser(account_id, schema={"type": "string", "pattern": "^[a-z][a-z0-9-]{1,31}$"})]
Country = Annotated[
    str, Parser(country, schema={"type": "string", "pattern": "^(?:[A-Za-z]{2})?$", "examples": ["AU"]})
]
TimeZone = Annotated[
    str, Parser(timezone, schema={"type": "string", "maxLength": 128, "examples": ["Australia/Sydney"]})
]
Positive = Annotated[int, Parser(positive, schema={"type": "integer", "minimum": 1, "maximum": 999_999_999})]
RingTime = Annotated[
    int,
    Parser(
        ring_time,
        schema={
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 3600},
                {"type": "string", "pattern": r"^\s*0{0,6}(?:[1-9][0-9]?|[1-5][0-9]{2}|600) rings?\s*$"},
            ],
            "examples": [20, "4 rings"],
        },
    ),
]
DialKey = Annotated[str, Parser(dial_key, schema={"type": "string", "pattern": "^[0-9*#]$"})]
ClockTime = Annotated[
    str, Parser(clock_time, schema={"type": "string", "pattern": "^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"})
]
Date = Annotated[str, Parser(date, schema={"type": "string", "format": "date"})]
Pin = Annotated[str, Parser(pin, secret=True, schema={"type": "string", "pattern": "^[0-9]{4,6}$"})]
Password = Annotated[str, Parser(password, secret=True, schema={"type": "string", "minLength": 6, "maxLength": 128})]
