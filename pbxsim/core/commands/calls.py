"""What may be asked of calls: to place one, to answer it, to press keys in it, to end it."""

from __future__ import annotations

from typing import Annotated, Any

from pbxsim.core.commands.base import Command
from pbxsim.core.values import Destination, Parser, Text


def _digits(value: Any) -> str:
    """Keys of a telephone, one after the other; '' for none."""
    if isinstance(value, str) and len(value) <= 64 and all(key in "0123456789*#" for key in value):
        return value
    raise ValueError(f"must be keys of a telephone (0 to 9, * and #), at most 64, not {value!r}")


Digits = Annotated[str, Parser(_digits, schema={"type": "string", "pattern": "^[0-9*#]{0,64}$"})]


class PlaceCall(Command, frozen=True):
    """Call a number, an extension or a code of the account. `from_` is a user (by extension or id), a device (by id or
    MAC), or a telephone outside (E.164); '' is somebody outside who hides his number. `digits` are pressed as soon as
    somebody asks for them."""

    account: str
    to: Destination
    from_: Text = ""
    digits: Digits = ""


class AnswerCall(Command, frozen=True):
    """Somebody picks up. `by` is what rings (a device by id or MAC, an app's log-in, a number outside), or whose it is
    (a user by extension or id); '' where only one thing rings."""

    call: str
    by: Text = ""


class HangUpCall(Command, frozen=True):
    """Whoever it was: the call is over."""

    call: str


class PressDigits(Command, frozen=True):
    """The caller presses keys."""

    call: str
    digits: Digits
