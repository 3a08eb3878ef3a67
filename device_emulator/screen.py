"""What a person standing at the phone sees, and the pages a server can put there.

A `Screen` is drawn from what the phone believes and never decides anything; a `Page` is what an XML answer asked
the phone to show, and it stays in the phone until a key, another page or a reboot removes it.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from device_emulator.models import Model

LineState = Literal["registered", "unregistered", "refused"]


class Key(Struct, frozen=True, gc=False):
    """A programmed key: `name` as on the model (`prgkey1`, `linekey1`), the rest as configured."""

    name: str
    type: str
    label: str
    value: str


class Field(Struct, frozen=True, gc=False):
    """One field of a page: what is asked, the URL parameter that carries the answer, and what stands there already."""

    label: str
    parameter: str
    default: str = ""
    password: bool = False


class SoftKey(Struct, frozen=True, gc=False):
    """A key whose text is on the screen. `uri` is fetched, unless it is a `SoftKey:` word for the phone itself."""

    label: str
    uri: str


class Page(Struct, frozen=True, gc=False):
    """A page on the screen: a form when it has fields, otherwise a text. A locked one cannot be left by other keys."""

    title: str
    text: str = ""
    fields: tuple[Field, ...] = ()
    soft_keys: tuple[SoftKey, ...] = ()
    url: str = ""
    locked: bool = False


class Prompt(Struct, frozen=True, gc=False):
    """A form that waits for input: `fields` are the labels, in the order in which they are typed."""

    title: str
    fields: tuple[str, ...]
    soft_keys: tuple[str, ...]


class LineShown(Struct, frozen=True, gc=False):
    """One line as the display shows it."""

    label: str
    state: LineState


class CallShown(Struct, frozen=True, gc=False):
    """A call as the display shows it: `ringing` here, `calling`, `talking`, or `ended`: it has come to nothing.
    `number` and `name` are the other side's. Since when is not shown: a screen is drawn from what the phone is, and
    knows no clock (decided)."""

    state: str
    number: str
    name: str


class Screen(Struct, frozen=True, gc=False):
    """The display. `label` is line 1's text while the idle screen shows it, otherwise ''; `message` is what the phone
    or a server has to say; `call` is there while a call covers the rest; `rows` is the display as it is, cut to the
    model's size; the other fields are whole."""

    on: bool = False
    label: str = ""
    lines: tuple[LineShown, ...] = ()
    message: str = ""
    prompt: Prompt | None = None
    soft_keys: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    call: CallShown | None = None

    @property
    def text(self) -> str:
        """The rows, joined by newlines."""
        return "\n".join(self.rows)

    def __str__(self) -> str:
        return self.text


DARK = Screen()


def draw_idle(model: Model, lines: tuple[LineShown, ...], message: str, soft_keys: tuple[str, ...]) -> Screen:
    """The idle screen, or (without lines) a message alone, as while booting."""
    label = lines[0].label if lines else ""
    content = [line.label for line in lines]
    if message:
        # What is wrong comes right under line 1: on a display of three rows, anything lower is not seen.
        content.insert(min(1, len(content)), message)
    return Screen(True, label, lines, message, None, soft_keys, _rows(model, content, soft_keys))


def draw_page(model: Model, page: Page, lines: tuple[LineShown, ...], notice: str) -> Screen:
    """A page over the idle screen, which is then not seen: `label` is empty. `notice` is what the phone has to say
    meanwhile, such as that it could not submit the form."""
    soft_keys = tuple(key.label for key in page.soft_keys)
    fields = [f"{field.label}: {'' if field.password else field.default}".rstrip() for field in page.fields]
    content = _wrapped(page.title, model.columns) + _wrapped(notice, model.columns)
    content += fields or _wrapped(page.text, model.columns)
    prompt = Prompt(page.title, tuple(field.label for field in page.fields), soft_keys) if fields else None
    message = notice or ("" if fields else page.text or page.title)
    return Screen(True, "", lines, message, prompt, soft_keys, _rows(model, content, soft_keys))


# What heads a call's screen, and its soft keys: the same words on every model (decided; each vendor has its own).
_CALLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ringing": ("Incoming call", ("Answer", "Reject")),
    "calling": ("Calling", ("End call",)),
    "talking": ("In a call", ("End call",)),
    "ended": ("Call failed", ("OK",)),
}


def draw_call(model: Model, call: CallShown, cause: str, lines: tuple[LineShown, ...]) -> Screen:
    """A call over everything else: what it is, and who. `cause` says why it has failed."""
    title, soft_keys = _CALLS[call.state]
    message = cause or title
    content = [message, *filter(None, (call.name, call.number))]
    return Screen(True, "", lines, message, None, soft_keys, _rows(model, content, soft_keys), call)


def _rows(model: Model, content: list[str], soft_keys: tuple[str, ...]) -> tuple[str, ...]:
    """The display's rows; soft keys have the last one, if the model has a row for them."""
    height = model.rows
    tail: tuple[str, ...] = ()
    if soft_keys and height > len(content):
        tail = ("  ".join(soft_keys)[: model.columns],)
        height -= 1
    return tuple(row[: model.columns] for row in content[:height]) + tail


def _wrapped(text: str, width: int) -> list[str]:
    """The text in rows, broken between words where that is possible."""
    rows: list[str] = []
    for paragraph in text.split("\n"):
        row = ""
        for word in paragraph.split():
            if row and len(row) + 1 + len(word) > width:
                rows.append(row)
                row = word
            else:
                row = f"{row} {word}" if row else word
            while len(row) > width:
                rows.append(row[:width])
                row = row[width:]
        if row:
            rows.append(row)
    return rows
