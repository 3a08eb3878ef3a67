"""Secrets in a snapshot that is not to hold any: left out in a way that lets it be restored.

A device's secrets stand in several rows: its own, the flash of its phone, the files that were frozen for it. Each
place is marked with a word that names whose secret it was, so that a restored world puts one and the same secret into
all of them and its phones log in. Whatever else is named like a secret, or is a code in a link or credentials in a
URL, becomes a mask, as the API shows it.

A restored world takes the secret of the present world for what is the very same thing there (the same kind, account,
id and unique keys). For anything else devices get new secrets, and passwords, PINs and codes are gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pbxsim.core.entities import Account
from pbxsim.core.indexes import unique_keys
from pbxsim.core.masking import MASK, SECRET_KEY
from pbxsim.store import tables
from pbxsim.store.tables import Row, Rows
from pbxsim.world.state import WorldState

PRINTABLE = ("sip", "provisioning")  # secrets that stand in clear, and that every device must have
_WORD = re.compile(r"[0-9A-Za-z]{12,}")  # what a printable secret looks like: see `Change.token`
_USER_INFO = re.compile(r"(?<=://)[^/@\s\"]*:[^/@\s\"]*(?=@)")
_CODE = re.compile(r"(?<=[?&]code=)[^&\s\"\\]+")
_SUSPECT = re.compile(rf"{SECRET_KEY.pattern}|://[^/@\s\"]*:[^/@\s\"]*@|[?&]code=", re.IGNORECASE)
_LINE = re.compile(rf"^([^\n=:]*(?:{SECRET_KEY.pattern})[^\n=:]*[=:][ \t]*)(\S[^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_XML = re.compile(rf"((?:{SECRET_KEY.pattern})[^<>\n]*>)([^<>\n]+)(?=<)", re.IGNORECASE)


class Veil:
    """Rows of a state, without its secrets. `word` is one that nobody can have put there beforehand."""

    def __init__(self, word: str, state: WorldState) -> None:
        self._marks = {
            value: _mark(word, id_, purpose)
            for (id_, purpose), value in state.pbx.secrets.items()
            if purpose in PRINTABLE
        }
        self._odd = {value: mark for value, mark in self._marks.items() if value and not _WORD.fullmatch(value)}
        self._word = word

    def over(self, name: str, row: Row) -> Row:
        """The row, as it may be shown."""
        if name == "secret":
            return (row[0], row[1], MASK)
        if name == "file":
            return (row[0], row[1], self._file(row[2]))
        return tuple([self._text(part) if type(part) is str else part for part in row])

    def _file(self, body: bytes) -> bytes:
        text = self._marked(body.decode("utf-8", "surrogateescape"))
        for pattern in (_LINE, _XML):
            text = pattern.sub(lambda found: found[0] if self._word in found[2] else found[1] + MASK, text)
        text = _USER_INFO.sub("***", text)
        return text.encode("utf-8", "surrogateescape")

    def _text(self, text: str) -> str:
        text = self._marked(text)
        if _SUSPECT.search(text) is None:
            return text
        if text[:1] not in ("{", "["):
            return _plain(text)
        return json.dumps(self._walked(json.loads(text)), ensure_ascii=False, separators=(",", ":"))

    def _marked(self, text: str) -> str:
        for value, mark in self._odd.items():
            text = text.replace(value, mark)
        return _WORD.sub(lambda found: self._marks.get(found[0], found[0]), text)

    def _walked(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._nested(value)
        if isinstance(value, list):
            if len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], str):
                return [value[0], self._value(value[0], value[1])]
            return [self._walked(one) for one in value]
        if isinstance(value, dict):
            keys, values = value.get("keys"), value.get("values")
            if isinstance(keys, list) and isinstance(values, list) and len(keys) == len(values):  # a phone's settings
                shown = [self._value(key, one) for key, one in zip(keys, values, strict=True)]
                return {**value, "values": shown}
            return {name: self._member(name, one) for name, one in value.items()}
        return value

    def _member(self, name: str, value: Any) -> Any:
        return self._value(name, value) if isinstance(value, str) else self._walked(value)

    def _value(self, key: str, value: str) -> str:
        if value and self._word not in value and SECRET_KEY.search(key):
            return MASK
        return self._nested(value)

    def _nested(self, value: str) -> str:
        """Of a text that is JSON itself (what a request asks for), the same as of what it says."""
        if value[:1] != "{" or _SUSPECT.search(value) is None:
            return _plain(value)
        try:
            inner = json.loads(value)
        except ValueError:
            return _plain(value)
        return json.dumps(self._walked(inner), ensure_ascii=False, separators=(",", ":"))


class Unveiler:
    """The other way. `rows` are those that hide nothing; those that do come through `under`."""

    def __init__(self, word: str, rows: Rows, present: WorldState | None, draw: Callable[[str, str], str]) -> None:
        self._word, self._rows, self._present, self._draw = word, rows, present, draw
        self._mark = re.compile(rf"{re.escape(word)}\.([0-9A-Za-z_]+)\.([a-z]+)\.")
        self._drawn: dict[tuple[str, str], str] = {}

    @staticmethod
    def concerns(word: str, name: str, row: Row) -> bool:
        """Does a row hide something?"""
        for part in row:
            if isinstance(part, bytes):
                if word.encode() in part or MASK.encode() in part:
                    return True
            elif isinstance(part, str) and (word in part or MASK in part or "://***@" in part):
                return True
        return name == "secret"

    def under(self, veiled: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
        """The rows as a world can have them: entities first, whose secrets the others are."""
        later = []
        for name, row in veiled:
            if name in ("account", "entity"):
                yield name, self._row(name, row)
            else:
                later.append((name, row))
        for name, row in later:
            if name != "secret":
                yield name, self._row(name, row)
            elif (value := self._secret(row[0], row[1])) is not None:
                yield name, (row[0], row[1], value)

    def _secret(self, id_: str, purpose: str) -> str | None:
        """The present world's, if it is the same thing's; else a new one, or none."""
        found = self._drawn.get((id_, purpose))
        if found is None and self._present is not None and self._same(id_):
            found = self._present.pbx.secrets.get((id_, purpose))
        if found is None and purpose in PRINTABLE:
            found = self._draw(id_, purpose)
        if found is not None:
            self._drawn[id_, purpose] = found
        return found

    def _same(self, id_: str) -> bool:
        """Is the thing of that id the very same in the present world?"""
        if self._present is None:
            return False
        now = self._present.pbx
        here, there = self._rows.entities.get(id_), now.entities.get(id_)
        if here is None or there is None or type(here) is not type(there) or isinstance(there, Account):
            return False
        if here.account != there.account or unique_keys(here) != unique_keys(there):  # type: ignore[union-attr]
            return False
        return self._same_account(there.account)

    def _same_account(self, id_: str) -> bool:
        here, there = self._rows.accounts.get(id_), self._present and self._present.pbx.accounts.get(id_)
        return bool(here and there and here.key == there.key)

    def _row(self, name: str, row: Row) -> Row:
        now = self._now(name, row)
        return tuple([self._part(part, None if now is None else now[at]) for at, part in enumerate(row)])

    def _now(self, name: str, row: Row) -> Row | None:
        """The present world's row of the same thing."""
        if self._present is None or name in ("history", "secret"):
            return None
        table = tables.TABLES[name]
        return table.row(self._present, row[0] if table.width == 1 else row[: table.width])

    def _part(self, part: Any, now: Any) -> Any:
        if isinstance(part, bytes):
            text, had = part.decode("utf-8", "surrogateescape"), now.decode("utf-8", "surrogateescape") if now else ""
            return _lines(self._marked(text), had).encode("utf-8", "surrogateescape")
        if not isinstance(part, str):
            return part
        text = self._marked(part)
        if MASK not in text and "://***@" not in text:
            return text
        if text[:1] not in ("{", "["):
            return text
        had = json.loads(now) if isinstance(now, str) and now[:1] in ("{", "[") else None
        return json.dumps(_filled(json.loads(text), had), ensure_ascii=False, separators=(",", ":"))

    def _marked(self, text: str) -> str:
        return self._mark.sub(lambda found: self._secret(found[1], found[2]) or "", text)


def _filled(value: Any, now: Any, key: str = "") -> Any:
    """A value with each mask replaced by what stands there now; a secret that nobody knows is '', or no setting."""
    if isinstance(value, str):
        if value == MASK and SECRET_KEY.search(key):
            return now if isinstance(now, str) else ""
        if isinstance(now, str) and _plain(now) == value:
            return now
        return value.replace("://***@", "://")
    if isinstance(value, list):
        return _filled_list(value, now if isinstance(now, list) else [])
    if isinstance(value, dict):
        had = now if isinstance(now, dict) else {}
        keys, values = value.get("keys"), value.get("values")
        if isinstance(keys, list) and isinstance(values, list) and len(keys) == len(values):
            before = dict(zip(had.get("keys", ()), had.get("values", ()), strict=False))
            known = [_filled(one, before.get(name), name) for name, one in zip(keys, values, strict=True)]
            return {**value, "values": known}
        return {name: _filled(one, had.get(name), name) for name, one in value.items()}
    return value


def _filled_list(value: list[Any], now: list[Any]) -> list[Any]:
    """The same for a list; pairs of key and value are found again by their key."""
    pairs = {one[0]: one[1] for one in now if _is_pair(one)}
    filled: list[Any] = []
    for at, one in enumerate(value):
        if not _is_pair(one):
            filled.append(_filled(one, now[at] if at < len(now) else None))
            continue
        key, said = one
        if said != MASK or not SECRET_KEY.search(key):
            filled.append([key, _filled(said, pairs.get(key), key)])
        elif isinstance(pairs.get(key), str):
            filled.append([key, pairs[key]])
    return filled


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)


def _plain(text: str) -> str:
    """A text without credentials in URLs and codes in links."""
    return _CODE.sub(MASK, _USER_INFO.sub("***", text))


def _lines(text: str, now: str) -> str:
    """A file with each masked line as the present file has it, where it has one that begins so."""
    if MASK not in text:
        return text
    present = now.splitlines(keepends=True)
    filled = []
    for line in text.splitlines(keepends=True):
        before, found, _ = line.partition(MASK)
        same = [one for one in present if found and one.startswith(before)]
        filled.append(same[0] if len(same) == 1 else line)
    return "".join(filled)


def _mark(word: str, id_: str, purpose: str) -> str:
    return f"{word}.{id_}.{purpose}."
