"""What a person standing at the phone sees, and the pages a server can put there.

A `Screen` is drawn (`rows.py`) from what the phone believes and never decides anything; a `Page` is what an XML answer
asked the phone to show, and it stays in the phone until a key, another page or a reboot removes it.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

OwnPurpose = Literal["credentials", "remote-control", "hot-desk"]
"""Pages whose meaning the firmware knows: see `Firmware.submitted`."""
Purpose = Literal["", "http-login", "visitor-in", "visitor-out"] | OwnPurpose
LineState = Literal["registered", "unregistered", "refused"]


class Key(Struct, frozen=True, gc=False):
    """A programmed key: `name` as on the model (`prgkey1`, `linekey1`), the rest as configured. `states` are the words
    for what the phone does while the key is on the display, '' for always."""

    name: str
    type: str
    label: str
    value: str
    states: str = ""


FieldKind = Literal["string", "number", "ip", "time", "date"]


class Field(Struct, frozen=True, gc=False):
    """One field of a page: what is asked, the URL parameter that carries the answer, and what stands there already.
    `kind` is what can be typed into it; into a `fixed` one nothing can."""

    label: str
    parameter: str
    default: str = ""
    password: bool = False
    kind: FieldKind = "string"
    fixed: bool = False


class SoftKey(Struct, frozen=True, gc=False):
    """A key whose text is on the screen. `uri` is fetched, unless it is a `SoftKey:` word for the phone itself."""

    label: str
    uri: str


class Page(Struct, frozen=True, gc=False):
    """A page on the screen: a form when it has fields, otherwise a text. A locked one cannot be left by other keys.

    It leaves by itself after `timeout` seconds (0: never), and a key starts them anew if it is `renewed`; `destroyed`:
    an answer may take it away; `beeps` when it comes. `cancel` is fetched when it is left by its key `Exit`. A page of
    the phone's own has a `purpose`, and what is typed into it goes to no server."""

    title: str
    text: str = ""
    fields: tuple[Field, ...] = ()
    soft_keys: tuple[SoftKey, ...] = ()
    url: str = ""
    locked: bool = False
    timeout: int = 0
    destroyed: bool = False
    beeps: bool = False
    cancel: str = ""
    purpose: Purpose = ""
    renewed: bool = True


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
    model's size; `title` heads a page or a call; the other fields are whole."""

    on: bool = False
    label: str = ""
    lines: tuple[LineShown, ...] = ()
    message: str = ""
    prompt: Prompt | None = None
    soft_keys: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    call: CallShown | None = None

    title: str = ""

    @property
    def text(self) -> str:
        """The rows, joined by newlines."""
        return "\n".join(self.rows)

    def __str__(self) -> str:
        return self.text


DARK = Screen()
