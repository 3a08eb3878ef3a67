"""Who the phones of a fleet are: MAC address, model, credentials and address of each.

A real server knows its phones, so they come from a file; where any MAC will do they are counted up from a first one.
What is wrong is told with the line it stands in, as a `BadRoster`.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence

from msgspec import Struct

from device_emulator import models
from device_emulator.models import Model
from device_emulator.phone import new
from device_emulator.wire import transfer

COLUMNS = ("mac", "model", "user", "password", "url")
MAX_PHONES = 1_000_000
MAX_FAULTS = 10


class BadRoster(ValueError):
    """The fleet cannot be made up so; the text says why, and what to do."""


class Desk(Struct, frozen=True, gc=False):
    """One phone as an installer leaves it. `mac` is 12 lower-case hex digits, `url` ends with '/'."""

    mac: str
    model: Model
    url: str
    user: str = ""
    password: str = ""


class Defaults(Struct, frozen=True):
    """What a phone has that its line does not say. `{mac}` in `user` stands for the phone's own MAC address."""

    url: str
    mix: tuple[tuple[Model, int], ...]
    user: str = ""
    password: str = ""

    def desk(self, mac: str, model: Model, user: str = "", password: str = "", url: str = "") -> Desk:
        """The phone of a line."""
        address, in_url, secret = transfer.split_login(url or self.url)
        user = user or in_url or self.user.replace("{mac}", mac)
        return Desk(mac, model, folder(address), user, password or secret or self.password)


def folder(url: str) -> str:
    """A server's address as phones keep it."""
    return url if url.endswith("/") else url + "/"


def mix(text: str) -> tuple[tuple[Model, int], ...]:
    """`yealink-t46s:70,aastra-6867i:30` as models and weights; a model without a weight has 1. Raises `BadRoster`."""
    found: dict[Model, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, colon, weight = part.partition(":")
        try:
            model = models.find(name.strip())
        except models.UnknownModel as error:
            raise BadRoster(str(error)) from None
        share = weight.strip() if colon else "1"
        if not (share.isascii() and share.isdigit() and 0 < int(share) <= MAX_PHONES):
            raise BadRoster(f"{part!r}: a share is a whole number above 0, such as {name.strip()}:70.")
        if model in found:
            raise BadRoster(f"{name.strip()} is there twice: give it one share.")
        found[model] = int(share)
    if not found:
        raise BadRoster(
            "there is no model: say one, such as yealink-t46s, or a mix, such as yealink-t46s:70,aastra-6867i:30."
        )
    return tuple(found.items())


def shares(mix: Sequence[tuple[Model, int]], count: int, chance: random.Random) -> list[Model]:
    """So many models in these proportions, to the phone (largest remainders), in random order."""
    whole = sum(weight for _, weight in mix)
    counts = [count * weight // whole for _, weight in mix]
    rest = sorted(range(len(mix)), key=lambda one: (-(count * mix[one][1] % whole), one))
    for one in rest[: count - sum(counts)]:
        counts[one] += 1
    dealt = [model for (model, _), number in zip(mix, counts, strict=True) for _ in range(number)]
    chance.shuffle(dealt)
    return dealt


def counted(first: str, count: int, defaults: Defaults, seed: int) -> list[Desk]:
    """So many phones with MAC addresses from `first` on. Raises `BadRoster`."""
    start = int(_mac(first), 16)
    if not 0 < count <= MAX_PHONES:
        raise BadRoster(f"{count} phones: a fleet has 1 to {MAX_PHONES:,}.")
    if start + count > 1 << 48:
        raise BadRoster(f"from {first} there are no {count:,} MAC addresses left: begin lower.")
    dealt = shares(defaults.mix, count, random.Random(seed))
    return [defaults.desk(f"{start + number:012x}", model) for number, model in enumerate(dealt)]


def read(lines: Iterable[str], defaults: Defaults, seed: int, limit: int | None = None) -> list[Desk]:
    """The phones of a CSV file: `mac[,model[,user[,password[,url]]]]`, with or without a heading, `#` before a comment.

    What a line leaves out is the default's; the first `limit` phones are taken. Raises `BadRoster`, which tells the
    first ten faults, each with its line.
    """
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(lines, skipinitialspace=True)
    try:
        for row in reader:
            cells = [cell.strip().lstrip("\ufeff") for cell in row]
            if any(cells) and not cells[0].startswith("#"):
                rows.append((reader.line_num, cells))
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadRoster(f"line {reader.line_num + 1}: not a CSV file in UTF-8 ({error}).") from None
    names: Sequence[str] = COLUMNS
    if rows and rows[0][1][0].lower() == "mac":
        names = [cell.lower() for cell in rows.pop(0)[1]]
        if unknown := [name for name in names if name not in COLUMNS]:
            raise BadRoster(f"the heading has {', '.join(map(repr, unknown))}: the columns are {', '.join(COLUMNS)}.")
    if not rows:
        raise BadRoster("there is no phone in it: give a line `mac,model,user,password` for each.")
    rows = rows[:limit] if limit is not None else rows
    dealt = shares(defaults.mix, len(rows), random.Random(seed))
    faults: list[str] = []
    desks: list[Desk] = []
    seen: dict[str, int] = {}
    for (number, cells), model in zip(rows, dealt, strict=True):
        try:
            desk = _line(names, cells, model, defaults)
            if desk.mac in seen:
                raise BadRoster(f"{desk.mac} is in line {seen[desk.mac]} already: each phone has its own MAC address.")
        except BadRoster as error:
            faults.append(f"line {number}: {error}")
            continue
        seen[desk.mac] = number
        desks.append(desk)
    if faults:
        more = f"\n... and {len(faults) - MAX_FAULTS} more" if len(faults) > MAX_FAULTS else ""
        raise BadRoster("\n".join(faults[:MAX_FAULTS]) + more)
    return desks


def _line(names: Sequence[str], cells: list[str], model: Model, defaults: Defaults) -> Desk:
    if len(cells) > len(names):
        raise BadRoster(f"{len(cells)} cells, and there are only {len(names)} columns: {', '.join(names)}.")
    if not all(cell.isprintable() for cell in cells):
        raise BadRoster("a cell holds a control character: is a quotation mark left open?")
    said = dict(zip(names, cells, strict=False))
    if said.get("model"):
        try:
            model = models.find(said["model"])
        except models.UnknownModel as error:
            raise BadRoster(str(error)) from None
    url = said.get("url", "")
    if url and not transfer.origin(url):
        raise BadRoster(f"{url!r} is not the address of a server.")
    return defaults.desk(_mac(said.get("mac", "")), model, said.get("user", ""), said.get("password", ""), url)


def _mac(text: str) -> str:
    try:
        return new(models.MODELS[0], text).mac
    except ValueError as error:
        raise BadRoster(str(error)) from None
