"""What may be asked of the set-up of apps: a code that a QR code shows, and logging in with it."""

from __future__ import annotations

from pbxsim.core.commands.base import Command
from pbxsim.core.links import App, Code


class MakeSetupCode(Command, frozen=True):
    """The code is drawn outside; what counts for the app before no longer does."""

    user: str
    app: App
    code: Code


class RedeemSetupCode(Command, frozen=True):
    """An app has read its code: it logs in."""

    user: str
    app: App
    code: Code
