"""What a person does with the hardware of an emulated phone."""

from __future__ import annotations

from pbxsim.core.commands.base import Command
from pbxsim.core.fields import DialledNumber, KnobsField, Line
from pbxsim.core.values import Mac

LOG_OUT = "Log Out"  # the label of the key that a log-in puts on the phone
ANSWER, REJECT, END_CALL = "Answer", "Reject", "End call"  # the soft keys of a call


class AddPhone(Command, frozen=True):
    """Put a phone on a desk: staged for a device of the PBX as an installer does, or bare (`model` and `mac`).

    `version` is its firmware's, the model's usual one without; `knobs` are what nobody has published of the firmware
    (`pbxsim facts`), where this phone is to do something else: {"yealink.boot-ms": "20000"}."""

    device: str | None = None
    model: str | None = None
    mac: Mac | None = None
    version: Line = ""
    knobs: KnobsField = ()


class RemovePhone(Command, frozen=True):
    phone: Mac


class StagePhone(Command, frozen=True):
    """Enter the provisioning server on the phone: that of a device, or any URL with its credentials."""

    phone: Mac
    device: str | None = None
    url: Line = ""
    username: Line = ""
    password: Line = ""


class PowerPhone(Command, frozen=True):
    phone: Mac
    on: bool


class CablePhone(Command, frozen=True):
    """Plug the network cable in, or pull it: the phone keeps its power."""

    phone: Mac
    on: bool


class PressKey(Command, frozen=True):
    """A key by its name (`prgkey1`), its label, a soft key's text, or a digit in the middle of a call."""

    phone: Mac
    key: Line


class TypeAtPhone(Command, frozen=True):
    """Fill the fields of the prompt on the screen and submit."""

    phone: Mac
    fields: tuple[str, ...]


class DialAtPhone(Command, frozen=True):
    """Call a number, on the phone's first registered line."""

    phone: Mac
    number: DialledNumber


class SetAtPhone(Command, frozen=True):
    """Change a configuration key at the phone itself."""

    phone: Mac
    key: Line
    value: Line


class FactoryResetPhone(Command, frozen=True):
    phone: Mac
