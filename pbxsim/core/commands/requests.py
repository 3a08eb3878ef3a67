"""What may be asked of requests: what somebody asks of the service desk, which does it or says why not (C6)."""

from __future__ import annotations

from pbxsim.core.commands.base import Command
from pbxsim.core.entities import RequestKind
from pbxsim.core.fields import Line, WantedField


class AddRequest(Command, frozen=True):
    """`wanted` are the fields of what is to be added, or name what is to go; `text` says what no field says."""

    account: str
    kind: RequestKind
    wanted: WantedField = "{}"
    text: Line = ""


class FulfilRequest(Command, frozen=True):
    """Carry out what was wanted, and tell whoever asked."""

    request: str
    answer: Line = ""


class RejectRequest(Command, frozen=True):
    request: str
    answer: Line
