"""Who may do what: every command, tried by every role on every platform, against the platform's table."""

from __future__ import annotations

import pytest

from pbxsim import SERVICE_DESK, Forbidden, NotFound, World
from pbxsim.core import commands as c
from pbxsim.core.commands import Actor
from pbxsim.core.transition import HANDLERS
from pbxsim.platforms import PLATFORMS
from pbxsim.world.phones import HANDLERS as PHONE_HANDLERS


def office(platform: str) -> tuple[World, dict[str, str]]:
    """An account with an administrator and a user, and an id of each kind of thing in it."""
    world = World(seed=5)
    account = world.accounts.add("acme", platform=platform)
    user = account.users.add("1002", voicemail_pin="4711")
    admin = account.users.add("1001", role="admin")
    numbers = {"numbers": ["300"]} if platform == "piston" else {}
    callflow = account.callflows.add("Sales", {"type": "dial", "users": [user.id]}, **numbers)
    number = account.numbers.add("+61255501234")
    device = account.devices.add(model="yealink-t46s", mac="805ec0112233", owner=admin)
    queue = account.queues.add("Demo 1", members=[user])
    login = world.execute(c.LogInApp(admin.id))
    return world, {
        "account": "acme",
        "user": admin.id,
        "device": device.id,
        "callflow": callflow.id,
        "version": callflow.versions[0].id,
        "number": number.id,
        "queue": queue.id,
        "mailbox": admin.mailbox.id,
        "login": login,
        "plain user": user.id,
    }


def command(type_: type, ids: dict[str, str]) -> object:
    """A command of that type about the office's things; its other fields do not matter to a role."""
    values = {}
    for name in type_.__struct_fields__[: len(type_.__struct_fields__) - len(type_.__struct_defaults__)]:
        values[name] = ids.get(name, ids.get("user"))
    values[type_.__struct_fields__[0]] = ids.get(type_.__struct_fields__[0], "acme")
    return type_(**values)


def allowed(world: World, asked: object, actor: Actor) -> bool:
    try:
        world.fork().execute(asked, actor)
    except Forbidden:
        return False
    except Exception:  # it got past the role: whatever else is wrong with these made-up fields is not the question
        return True
    return True


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
@pytest.mark.parametrize("type_", HANDLERS, ids=lambda type_: type_.__name__)
def test_every_command_follows_the_platforms_table(platform: str, type_: type) -> None:
    world, ids = office(platform)
    other = world.accounts.add("other", platform=platform).users.add("1001", role="admin")
    asked = command(type_, ids)
    roles = PLATFORMS[platform].roles
    name = type_.__name__
    assert allowed(world, asked, c.OPERATOR)
    assert allowed(world, asked, SERVICE_DESK) == ("*" in roles["service-desk"])
    assert allowed(world, asked, Actor("user", ids["user"])) == (name in roles["admin"])
    # Everything above belongs to the administrator, so to a plain user of his account it is somebody else's.
    assert allowed(world, asked, Actor("user", ids["plain user"])) == (roles["user"].get(name) == "account")
    assert not allowed(world, asked, Actor("user", other.id)), "an administrator of another account"


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_user_reaches_what_is_his_own(platform: str) -> None:
    world, ids = office(platform)
    me = world.acting_as(world.accounts["acme"].users["1002"])
    me.accounts["acme"].mailboxes.update("1002", setup_done=False)
    with pytest.raises(Forbidden, match="of others") as refusal:
        me.accounts["acme"].mailboxes.update("1001", setup_done=False)
    assert refusal.value.rule == "pbx.role"
    with pytest.raises(Forbidden):
        me.accounts["acme"].users.update("1002", role="admin")


@pytest.mark.parametrize("type_", PHONE_HANDLERS, ids=lambda type_: type_.__name__)
def test_what_one_does_at_a_phone_follows_the_table_too(type_: type) -> None:
    world, ids = office("jet")
    world.phones.add(ids["device"])
    bare = world.phones.add(model="yealink-t46s", mac="805ec0999999")
    other = world.accounts.add("other", platform="jet").users.add("1001", role="admin")
    about = {"mac": "805ec0112233", "device": ids["device"]} if type_ is c.AddPhone else {"phone": "805ec0112233"}
    required = {"on": True, "key": "x", "value": "x", "fields": ()}
    asked = type_(**about, **{name: required[name] for name in type_.__struct_fields__ if name in required})
    name, roles = type_.__name__, PLATFORMS["jet"].roles
    assert allowed(world, asked, SERVICE_DESK)
    assert allowed(world, asked, Actor("user", ids["user"])) == (name in roles["admin"])
    assert allowed(world, asked, Actor("user", ids["plain user"])) == (roles["user"].get(name) == "account")
    assert not allowed(world, asked, Actor("user", other.id))
    assert not allowed(world, c.PowerPhone(bare.mac, on=True), Actor("user", ids["user"])), "no account's phone"


def test_nobody_takes_over_a_phone_of_another_account() -> None:
    world, ids = office("jet")
    theirs = world.phones.add(ids["device"])
    other = world.accounts.add("other", platform="jet")
    admin = other.users.add("1001", role="admin")
    mine = other.devices.add(model="yealink-t46s", mac="805ec0777777", owner=admin)
    with pytest.raises(Forbidden):
        world.acting_as(admin).phones[theirs.mac].stage(mine)
    world.acting_as(admin).phones.add(mine)


def test_whoever_acts_must_exist() -> None:
    world, _ = office("jet")
    with pytest.raises(NotFound):
        world.execute(c.LogOutApp("u99"), Actor("user", "u99"))


def test_history_says_who_did_it() -> None:
    world, ids = office("jet")
    admin = world.accounts["acme"].users["1001"]
    world.acting_as(admin).accounts["acme"].users.update("1002", first_name="Jo")
    record = world.state.history[world.state.recorded]
    assert record.actor == f"user {admin.id}"
    assert record.event.detail == (("first_name", ("", "Jo")),)
