"""Apps that are set up by a QR code: the code logs its app in, once, while it lives (U4)."""

from __future__ import annotations

from pbxsim.core.commands import LogInApp, MakeSetupCode, RedeemSetupCode
from pbxsim.core.entities import User
from pbxsim.core.rules import codes, devices
from pbxsim.core.state import Change


def make_setup_code(change: Change, command: MakeSetupCode) -> str:
    """One code for each app at a time."""
    user = change.state.the(User, command.user)
    change.new_id("k")  # where chance is seeded, the next code is drawn from the next id
    codes.keep(change, user, f"setup-code:{command.app}", command.code)
    change.event("app.setup_code", user.id, app=command.app)
    return user.id


def redeem_setup_code(change: Change, command: RedeemSetupCode) -> str:
    """The id of the login."""
    user = change.state.the(User, command.user)
    codes.redeem(change, user, f"setup-code:{command.app}", command.code)
    return devices.log_in_app(change, LogInApp(user.id, f"{command.app} app"))
