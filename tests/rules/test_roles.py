"""Who may do what: every command, tried by every role on every platform, against the platform's table.

A new command fails here until it stands in a group of `platforms/roles.py`, and until `subjects` below has something
for it to be about.
"""

from __future__ import annotations

import pytest

from pbxsim import SERVICE_DESK, Forbidden, Invalid, NotFound, World
from pbxsim.core import commands as c
from pbxsim.core.commands import OPERATOR, Actor
from pbxsim.core.refusals import PbxsimError
from pbxsim.core.rules.settings import NOT_A_USERS
from pbxsim.core.transition import HANDLERS, SUBJECTS, may
from pbxsim.platforms import PLATFORMS
from pbxsim.platforms.roles import GROUPS
from pbxsim.world.phones import HANDLERS as PHONE_HANDLERS

COMMANDS = {type_.__name__: type_ for type_ in (*HANDLERS, *PHONE_HANDLERS)}
HIGHEST = {
    "piston": "admin",
    "jet": "admin",
    "netsapiens": "office-manager",
    "customer-portal": "pbx-admin",
    "users-page": "admin",
}


def test_every_command_stands_in_one_group() -> None:
    placed = [command for group in GROUPS.values() for command in group]
    missing = sorted(COMMANDS.keys() - set(placed))
    assert not missing, f"{', '.join(missing)}: give it a group in platforms/roles.py; until then it is the operator's"
    assert len(placed) == len(set(placed)), "a command stands in two groups"
    assert set(placed) <= COMMANDS.keys(), "a group names a command that there is not"


class Office:
    """An account with somebody of every role, and for each of them something of every kind that is his."""

    def __init__(self, platform: str) -> None:
        self.world = World(seed=5)
        self.account = self.world.accounts.add("acme", platform=platform)
        self.people = {}
        roles = [role for role in PLATFORMS[platform].roles if role not in NOT_A_USERS]
        for serial, role in enumerate([*roles, PLATFORMS[platform].default_role]):
            name = role if serial < len(roles) else "somebody else"
            self.people[name] = self.account.users.add(str(100 + serial), role=role)
        self.mine = {name: self._belongings(serial, user) for serial, (name, user) in enumerate(self.people.items())}
        other = self.world.accounts.add("other", platform=platform)
        self.stranger = other.users.add("500", role=HIGHEST[platform])

    def _belongings(self, serial: int, user) -> dict[str, str]:
        """Something of each kind that is the user's, or of his account where a thing of that kind is nobody's."""
        account = self.account
        device = account.devices.add(model="yealink-t46s", mac=f"805ec01122{serial:02x}", owner=user)
        self.world.phones.add(device)
        numbers = {"numbers": [str(300 + serial)]} if account.platform == "piston" else {}
        callflow = account.callflows.add(f"Flow {serial}", {"type": "dial", "users": [user.id]}, **numbers)
        return {
            "platform": account.platform,
            "account": account.id,
            "user": user.id,
            "device": device.id,
            "phone": device.mac,
            "mac": device.mac,
            "callflow": callflow.id,
            "version": callflow.versions[0].id,
            "number": account.numbers.add(f"+6125550{1000 + serial}").id,
            "queue": account.queues.add(f"Queue {serial}", members=[user]).id,
            "mailbox": user.mailbox.id,
            "login": self.world.execute(c.LogInApp(user.id)),
            "call": account.calls.place(user.extension).id,
        }


OWNED = frozenset({"user", "device", "phone", "mailbox", "login"})  # what can be somebody's own


WORLDS = (c.SetFaults, c.SetNetwork)  # about no account: nobody's whose role is a platform's


def command(type_: type, ids: dict[str, str]) -> object:
    """A command of that type about these things; what else it says does not matter to a role."""
    required = len(type_.__struct_fields__) - len(type_.__struct_defaults__)
    filled = {name: ids.get(name, "made up") for name in type_.__struct_fields__[:required]}
    if type_ is c.AddPhone:
        filled = {"device": ids["device"]}
    if "on" in filled:
        filled["on"] = True
    return type_(**filled)


def stand_in(type_: type, mine: dict[str, str]) -> object:
    """An entity of a kind that the office has none of (a mail, a job, ...): whose it is, is all that matters."""
    given = {"account": mine["account"], "user": mine["user"], "owner": mine["user"], "mailbox": mine["mailbox"]}
    fields = type_.__struct_fields__
    required = fields[: len(fields) - len(type_.__struct_defaults__)]
    values = {name: given.get(name, "made up") for name in required}
    return type_(**values, **{name: given[name] for name in ("user", "owner") if name in fields and name not in values})


def allowed(world: World, asked: object, actor: Actor, mine: dict[str, str]) -> bool:
    """Does it get past the role? What else is wrong with a made-up command is not the question here."""
    subject = type(asked).__struct_fields__[0]
    try:
        if subject in SUBJECTS and subject not in mine:
            if actor != OPERATOR:
                may(world.pbx, PLATFORMS, actor, asked, stand_in(SUBJECTS[subject], mine))
        else:
            world.fork().execute(asked, actor)
    except Forbidden:
        return False
    except (PbxsimError, TypeError, AttributeError, ValueError):
        return True
    return True


def own(type_: type) -> bool:
    """Can that command be about something that is somebody's own?"""
    subject = type_.__struct_fields__[0]
    if subject in OWNED or type_ in (c.LogInAgent, c.LogOutAgent):
        return True
    return bool({"user", "owner", "mailbox"} & set(getattr(SUBJECTS.get(subject), "__struct_fields__", ())))


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_command_follows_the_platforms_table(platform: str) -> None:
    office, roles = Office(platform), PLATFORMS[platform].roles
    others = office.mine["somebody else"]
    for name, type_ in COMMANDS.items():
        assert allowed(office.world, command(type_, others), OPERATOR, others), name
        desk = allowed(office.world, command(type_, others), SERVICE_DESK, others)
        assert desk == (name in roles["service-desk"]), name
        for role, user in office.people.items():
            if role == "somebody else":
                continue
            reach, actor = roles[role].get(name), Actor("user", user.id)
            said = f"{role}: {name}"
            mine = allowed(office.world, command(type_, office.mine[role]), actor, office.mine[role])
            expected = reach is not None and (reach == "all" or type_ is not c.AddAccount)
            expected = expected and type_ not in WORLDS
            assert mine == (expected and (reach != "own" or own(type_))), said
            theirs = allowed(office.world, command(type_, others), actor, others)
            assert theirs == (expected and reach != "own"), f"{said} of others"
        outside = allowed(office.world, command(type_, others), Actor("user", office.stranger.id), others)
        assert not outside or type_ is c.AddAccount, f"{name} by an administrator of another account"


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_user_reaches_what_is_his_own(platform: str) -> None:
    office = Office(platform)
    me = office.world.acting_as(office.people["somebody else"]).accounts["acme"]
    mine = office.people["somebody else"].extension
    me.mailboxes.update(mine, setup_done=False)
    with pytest.raises(Forbidden, match="but his own") as refusal:
        me.mailboxes.update("100", setup_done=False)
    assert refusal.value.rule == "pbx.role"
    for change in ({"role": HIGHEST[platform]}, {"extension": "999"}, {"system": True}):
        with pytest.raises(Forbidden):
            me.users.update(mine, **change)


def test_nobody_gives_away_a_role_above_his_own_or_changes_who_has_one() -> None:
    office = Office("netsapiens")
    manager = office.world.acting_as(office.people["office-manager"]).accounts["acme"]
    basic = office.people["basic-user"]
    manager.users.update(basic, role="office-manager")
    for attempt in (
        lambda: manager.users.update(basic, role="super-user"),
        lambda: manager.users.add("900", role="reseller"),
        lambda: manager.users.update(office.people["super-user"], password="mine now"),
        lambda: manager.users.delete(office.people["reseller"]),
    ):
        with pytest.raises(Forbidden, match="above"):
            attempt()


def test_where_roles_are_switched_off_nobody_reaches_beyond_his_account() -> None:
    """An account that lets everybody do everything cannot make super users, who reach the others."""
    office = Office("netsapiens")
    office.world.accounts.update("acme", policy={"pbx.role": False})
    basic = office.people["basic-user"]
    seen = office.world.acting_as(basic).accounts["acme"]
    seen.users.update(basic, role="office-manager")
    seen.users.update(basic, role="basic-user")
    for attempt in (
        lambda: seen.users.update(basic, role="super-user"),
        lambda: seen.users.add("900", role="reseller"),
        lambda: seen.users.update(office.people["super-user"], password="mine now"),
    ):
        with pytest.raises(Forbidden):
            attempt()
    with pytest.raises(Invalid, match="stands above"):
        seen.users.import_csv("extension,role\n901,super-user\n")
    assert seen.users.bulk("reset", [office.people["super-user"]]).failed == 1


def test_a_role_that_reaches_all_ends_at_its_platform() -> None:
    office = Office("netsapiens")
    elsewhere = office.world.accounts.add("jetty", platform="jet")
    seen = office.world.acting_as(office.people["super-user"])
    seen.accounts["other"].users.update("500", first_name="Ann")
    with pytest.raises(Forbidden):
        seen.accounts["jetty"].users.add("1002")
    assert not list(elsewhere.users)


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_phone_of_no_account_is_the_operators(platform: str) -> None:
    office = Office(platform)
    bare = office.world.phones.add(model="yealink-t46s", mac="805ec0999999")
    actor = Actor("user", office.people[HIGHEST[platform]].id)
    assert not allowed(office.world, c.PowerPhone(bare.mac, on=True), actor, {"phone": bare.mac})


def test_nobody_takes_over_a_phone_of_another_account() -> None:
    office = Office("jet")
    theirs = office.mine["user"]["phone"]
    mine = office.world.accounts["other"].devices.add(model="yealink-t46s", mac="805ec0777777", owner=office.stranger)
    with pytest.raises(Forbidden):
        office.world.acting_as(office.stranger).phones[theirs].stage(mine)
    office.world.acting_as(office.stranger).phones.add(mine)


def test_whoever_acts_must_exist() -> None:
    with pytest.raises(NotFound):
        Office("jet").world.execute(c.LogOutApp("u99"), Actor("user", "u99"))


def test_history_says_who_did_it() -> None:
    office = Office("jet")
    admin = office.people["admin"]
    office.world.acting_as(admin).accounts["acme"].users.update("101", first_name="Jo")
    record = office.world.state.history[office.world.state.recorded]
    assert record.actor == f"user {admin.id}"
    assert record.event.detail == (("first_name", ("", "Jo")),)
