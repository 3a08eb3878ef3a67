"""Logging in: whose a login is, whether he may come in at all, and whether the password is right.

A login is what the account's platform has people log in with: an e-mail address, extension@domain, and where the
platform has neither, <extension>@<account>. Whatever is wrong, the same work is done, one scrypt in a thread: an
unknown login, a user without a password and one whose verifier is a fast one cost what a wrong password costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbxsim.core.entities import User
from pbxsim.world import World

if TYPE_CHECKING:
    from pbxsim.server.engine import Engine, Hosted


def user_of(world: World, login: str) -> User | None:
    """Who logs in so; None for nobody."""
    state, name = world.pbx, login.strip()
    found = state.find("login", "", name) or state.find("login", "", name.casefold())
    if found is not None:
        return state.get(User, found)
    extension, _, account = name.rpartition("@")
    home = state.accounts.get(account.lower())
    if home is None or world.nature.platforms[home.platform].login:
        return None
    return state.get(User, state.find("extension", home.id, extension))


def admitted(world: World, user: User) -> bool:
    """May he come in: is there anything that his role lets him do, and does the portal let him in (C4)?"""
    home = world.pbx.accounts[user.account]
    platform = world.nature.platforms[home.platform]
    if user.system or not platform.roles.get(user.role):
        return False
    return user.portal_access or not platform.by_portal or not platform.switched(home, "portal-access")


def password_of(world: World, user: str) -> str:
    """The verifier of a user's password, '' if he has none."""
    return world.pbx.secrets.get((user, "password")) or ""


async def log_in(engine: Engine, hosted: Hosted | None, login: str, password: str) -> User | None:
    """The user, if this is his login and password; None whatever is wrong, after the same work. `hosted` None: there is
    no such world."""
    user = None if hosted is None else user_of(hosted.world, login)
    if hosted is not None and user is not None and not admitted(hosted.world, user):
        user = None
    kept = password_of(hosted.world, user.id) if hosted is not None and user is not None else ""
    right = await engine.verify_fully((hosted or engine.main), password, kept)
    if hosted is None or user is None or not right or password_of(hosted.world, user.id) != kept:
        return None  # the last: it has been changed while it was checked
    return hosted.world.pbx.get(User, user.id)
