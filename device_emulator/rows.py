"""The display as rows of text, cut to the model's own rows and columns.

A column is what a Latin letter takes: an ideograph takes two, an accent none, and what no display can show (control
characters, half a character, marks that turn the direction of what follows them) is left out, so that no name of
anybody's moves anything but itself.
"""

from __future__ import annotations

import re
from unicodedata import east_asian_width, normalize

from device_emulator.models import Model
from device_emulator.screen import CallShown, LineShown, Page, Prompt, Screen

_UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff]"
)
_COMBINING = re.compile("[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u20d0-\u20ff\ufe00-\ufe0f]")
MOST = 200
"""Characters of one text that are looked at: no display has more columns, and a megabyte may stand in a name."""


def draw_idle(
    model: Model, lines: tuple[LineShown, ...], message: str, soft_keys: tuple[str, ...], second: tuple[str, ...] = ()
) -> Screen:
    """The idle screen, or (without lines) a message alone, as while booting. `second` stands below each line's label
    while there is no message."""
    label = lines[0].label if lines else ""
    content = [line.label for line in lines]
    if not message and any(second):
        content = [row for line, below in zip(lines, second, strict=True) for row in (line.label, below) if row]
    if message:
        # What is wrong comes right under line 1: on a display of three rows, anything lower is not seen.
        content.insert(min(1, len(content)), message)
    return Screen(True, label, lines, message, None, soft_keys, _rows(model, content, soft_keys))


def draw_page(model: Model, page: Page, lines: tuple[LineShown, ...], notice: str) -> Screen:
    """A page over the idle screen, which is then not seen: `label` is empty. `notice` is what the phone has to say
    meanwhile, such as that it could not submit the form."""
    soft_keys = tuple(key.label for key in page.soft_keys)
    fields = [f"{field.label}: {'' if field.password else field.default}".rstrip() for field in page.fields]
    content = wrapped(page.title, model.columns) + wrapped(notice, model.columns)
    content += fields or wrapped(page.text, model.columns)
    prompt = Prompt(page.title, tuple(field.label for field in page.fields), soft_keys) if fields else None
    message = notice or ("" if fields else page.text or page.title)
    rows = _rows(model, content, soft_keys)
    return Screen(True, "", lines, message, prompt, soft_keys, rows, title=page.title)


# The soft keys of a call: the same words on every model (decided; each vendor has its own).
_CALLS: dict[str, tuple[str, ...]] = {
    "ringing": ("Answer", "Reject"),
    "calling": ("End call",),
    "talking": ("End call",),
    "ended": ("OK",),
}


def draw_call(model: Model, call: CallShown, heading: str, lines: tuple[LineShown, ...]) -> Screen:
    """A call over everything else: what it is (or why it has failed), and who."""
    soft_keys = _CALLS[call.state]
    content = [heading, *filter(None, (call.name, call.number))]
    rows = _rows(model, content, soft_keys)
    return Screen(True, "", lines, heading, None, soft_keys, rows, call, heading)


def shown(text: str, columns: int = MOST) -> str:
    """The text as a display shows it, cut to so many columns."""
    text = text[: 4 * MOST]
    if text.isascii() and text.isprintable():
        return text[:columns]
    text = _UNSHOWN.sub("", normalize("NFC", text.replace("\t", " ").replace("\n", " ")))
    taken, found, marks = 0, [], 0
    for one in text:
        wide = 0 if _COMBINING.match(one) else 2 if east_asian_width(one) in "WF" else 1
        marks = marks + 1 if not wide else 0
        taken += wide
        if taken > columns:
            break
        if marks < 4:  # a heap of accents on one letter would leave its row
            found.append(one)
    return "".join(found)


def width(text: str) -> int:
    """How many columns a shown text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if _COMBINING.match(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def _rows(model: Model, content: list[str], soft_keys: tuple[str, ...]) -> tuple[str, ...]:
    """The display's rows; soft keys have the last one, if the model has a row for them."""
    height = model.rows
    tail: tuple[str, ...] = ()
    if soft_keys and height > len(content):
        tail = (shown("  ".join(soft_keys), model.columns),)
        height -= 1
    return tuple(shown(row, model.columns) for row in content[:height]) + tail


def wrapped(text: str, columns: int) -> list[str]:
    """The text in rows, broken between words where that is possible."""
    rows: list[str] = []
    for paragraph in text[: 50 * MOST].split("\n"):
        row = ""
        for word in paragraph.split():
            if row and len(row) + 1 + len(word) > columns:
                rows.append(row)
                row = word
            else:
                row = f"{row} {word}" if row else word
            while len(row) > columns:
                rows.append(row[:columns])
                row = row[columns:]
        if row:
            rows.append(row)
    return rows


def boxed(model: Model, screen: Screen, beside: tuple[str, ...]) -> str:
    """The display in a frame, as it is on the phone, with a word beside each row: what the keys there are for."""
    rows = [*screen.rows, *[""] * (model.rows - len(screen.rows))]
    lines = [f"\u250c{chr(0x2500) * model.columns}\u2510"]
    lines += [f"\u2502{row}{' ' * (model.columns - width(row))}\u2502" for row in rows]
    lines.append(f"\u2514{chr(0x2500) * model.columns}\u2518")
    blank = " " * (model.columns + 2)
    lines += [blank] * (len(beside) - len(lines))
    words = [*beside, *[""] * (len(lines) - len(beside))]
    return "".join(f"{line}  {word}".rstrip() + "\n" for line, word in zip(lines, words, strict=True))
