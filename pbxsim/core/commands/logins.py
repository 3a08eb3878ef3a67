"""Logging in and out, on apps and at phones; and what support may do about it."""

from __future__ import annotations

from pbxsim.core.commands.base import Command
from pbxsim.core.values import Text


class LogInApp(Command, frozen=True):
    """The password has been checked by whoever builds this."""

    user: str
    app: Text = "soft phone"


class LogOutApp(Command, frozen=True):
    """`login` None: every app of the user."""

    user: str
    login: str | None = None


class LogInAtDevice(Command, frozen=True):
    """A user takes a desk phone (P12); `override` logs him out of the one he had. The PIN has been checked."""

    device: str
    user: str
    override: bool = False


class LogOutAtDevice(Command, frozen=True):
    device: str


class EndLogin(Command, frozen=True):
    """The service desk ends a login: a device's id (its registrations), or an app's or hot desk's login id."""

    login: str
