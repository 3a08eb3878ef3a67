"""The files that are looked at: which brand reads them, what they are to a phone, and what the phone's parser makes of
them.

Brand and part are guessed from name and content where nobody says; the parsers are the firmware's own, so that a report
and a phone cannot disagree. Never raises, whatever the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import islice, product
from typing import Literal

from device_emulator.firmware.textfile import ConfigFile
from device_emulator.lint.grammar import BLANKS, ENCRYPTED, HEADER, INCLUDE, Brand, decode, parsed
from device_emulator.models import Model

Part = Literal["boot", "common", "model", "phone", "local", "other"]
"""What a file is to a phone, in the order in which phones read them; `other` is a file that is named otherwise."""

ORDER: dict[Part, int] = {"boot": 0, "common": 1, "model": 2, "other": 3, "phone": 4, "local": 5}

MAX_SETS = 20_000
"""Combinations of files that are compared (decided): 5,000 phones of four models."""

_MAC = re.compile(r"([0-9a-fA-F]{12})(-local)?\.(cfg|boot|tuz)")
_YEALINK_COMMON = re.compile(r"y\d{8,14}\.(cfg|boot)")
_AASTRA_MODEL = re.compile(r"(?:\d{4}i?|\d\di|9\d{3}i)(?:CT)?\.cfg", re.IGNORECASE)
_DOTTED = re.compile(r"[a-z][\w.-]*\s*=", re.IGNORECASE)
_WORDS = re.compile(r"[\^!]?[a-z][\w ]*:", re.IGNORECASE)
_OUIS = {"001565": "yealink", "805ec0": "yealink", "00085d": "aastra", "08000f": "aastra", "1400e9": "aastra"}


class Source:
    """One file. `name` is what a report calls it (a path or a URL), `base` its last part. `found`: nobody named it, it
    was there in a folder; whether it goes with its neighbours is then told by their names alone. It is read as `model`
    reads it, if that is of its brand."""

    def __init__(
        self, name: str, body: bytes, brand: Brand | None = None, found: bool = False, model: Model | None = None
    ) -> None:
        self.name, self.body, self.found, self.model = name, body, found, model
        self.text = decode(body)
        self.base = re.split(r"[/\\]", name.partition("?")[0])[-1]
        self.folder = name[: -len(self.base)] if found and self.base else ""
        self.lines = self.text.split("\n")
        self.brand: Brand = brand or _brand(self.base, self.lines)
        own = _MAC.fullmatch(self.base)
        self.mac = own[1].lower() if own else ""
        self.boot = self.brand == "yealink" and (self.base.endswith(".boot") or _includes_only(self.lines))
        self.part: Part = self._part(own[2] if own else "")

    def _part(self, local: str | None) -> Part:
        if self.boot:
            return "boot"
        if self.mac:
            return "local" if local else "phone"
        if self.brand == "yealink":
            return "common" if _YEALINK_COMMON.fullmatch(self.base) else "other"
        if self.base in ("aastra.cfg", "startup.cfg"):
            return "common"
        return "model" if _AASTRA_MODEL.fullmatch(self.base) else "other"

    @cached_property
    def config(self) -> ConfigFile:
        """The file as a phone of its brand reads it."""
        return parsed(self.brand, self.text, self.model)

    @cached_property
    def pairs(self) -> tuple[tuple[str, str, int], ...]:
        """(key, value, line), in order; none of a boot file, whose settings are no keys, and of what is no text."""
        return () if self.boot or self.encrypted else self.config.pairs

    @cached_property
    def values(self) -> dict[str, tuple[str, int]]:
        """What the file says in the end: key -> (value, line); the last of duplicates."""
        return {key: (value, line) for key, value, line in self.pairs}

    @property
    def accepted(self) -> bool:
        """Whether a phone takes notice of the file at all."""
        return self.text.startswith(HEADER) if self.boot else self.config.accepted

    @property
    def encrypted(self) -> bool:
        """Whether it is a file that only a phone with the key can read."""
        if self.text.startswith(ENCRYPTED) or self.base.endswith(".tuz"):
            return True
        # Yealink's AES files have no header: whole blocks of 16 bytes, of which hardly any is text.
        body = self.body
        if len(body) < 16 or len(body) % 16 or self.text.startswith(HEADER):
            return False
        odd = sum(byte < 9 or 13 < byte < 32 or byte > 126 for byte in body[:512])
        return odd > len(body[:512]) * 0.3


class Given:
    """What is checked together: the files in the order in which a phone reads them, and what is known besides.

    `previous` are the files of the last time, `template` is one rendering, or the template itself, to compare with.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        model: Model | None = None,
        previous: Iterable[Source] = (),
        template: Source | None = None,
    ) -> None:
        self.sources, self.previous = tuple(sources), tuple(previous)
        self.model, self.template = model, template

    def of(self, brand: Brand) -> list[Source]:
        """The files of one brand that hold text."""
        return [source for source in self.sources if source.brand == brand and not source.encrypted]

    @property
    def configs(self) -> list[Source]:
        """The files that hold configuration."""
        return [source for source in self.sources if not source.boot and not source.encrypted]

    @cached_property
    def sets(self) -> list[list[Source]]:
        """What one phone reads, in order, for each kind of phone and each phone there is: of common files and of model
        files it reads one each, of phones' own files its own. At most `MAX_SETS`."""
        groups: dict[tuple[Brand, str], list[Source]] = {}
        for source in self.configs:
            if source.accepted and not (source.found and source.part == "other"):
                groups.setdefault((source.brand, source.folder), []).append(source)
        found: list[list[Source]] = []
        for (brand, _), files in groups.items():
            place = {one.name: index for index, one in enumerate(files)}
            own: dict[str, list[Source]] = {}
            for one in files:
                own.setdefault(one.mac, []).append(one)
            shared = own.pop("", [])
            choices = product(
                sorted(own) or [""], self._choices(brand, files, "common"), self._choices(brand, files, "model")
            )
            for mac, *names in islice(choices, MAX_SETS - len(found)):
                chosen = [one for one in shared if one.part not in ("common", "model") or one.base in names]
                found.append(sorted(chosen + own.get(mac, []), key=lambda one: place[one.name]))
        return found

    def _choices(self, brand: Brand, files: list[Source], part: Part) -> list[str]:
        """The files of which a phone reads one; those of a model only that model's."""
        names = list(dict.fromkeys(one.base for one in files if one.part == part))
        model = self.model
        if model is not None and model.vendor == brand:
            mine = [name for name in names if model.common in name or name in ("aastra.cfg", "startup.cfg")]
            names = mine or [""]
        return names or [""]


def in_order(sources: Iterable[Source]) -> list[Source]:
    """The files as a phone reads them: boot files, what is common, then its own."""
    return sorted(sources, key=lambda source: (ORDER[source.part], source.name))


def _brand(base: str, lines: list[str]) -> Brand:
    if lines[0].lstrip("\ufeff").startswith(("#!version", "#!encrypt")) or base.endswith(".boot"):
        return "yealink"
    if _YEALINK_COMMON.fullmatch(base):
        return "yealink"
    if base in ("aastra.cfg", "startup.cfg") or base.endswith(".tuz"):
        return "aastra"
    dotted = words = 0
    for line in lines[:500]:
        line = line.strip(BLANKS)
        if line and line[0] != "#":
            dotted += bool(_DOTTED.match(line))
            words += bool(_WORDS.match(line))
    if dotted != words:
        return "yealink" if dotted > words else "aastra"
    own = _MAC.fullmatch(base)
    known = _OUIS.get(own[1][:6].lower(), "") if own else ""
    return "aastra" if known == "aastra" or _AASTRA_MODEL.fullmatch(base) else "yealink"


def _includes_only(lines: list[str]) -> bool:
    """A file that includes and sets nothing but a boot file's own words is one, whatever its name."""
    seen = False
    for line in lines[:200]:
        line = line.strip(BLANKS)
        if line.startswith("[") and "]" in line:
            line = line.partition("]")[2].strip(BLANKS)
        if line.startswith(INCLUDE):
            seen = True
        elif line and line[0] != "#" and not line.startswith(("overwrite_mode", "static.specific_model.")):
            return False
    return seen
