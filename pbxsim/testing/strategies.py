"""Random accounts of every platform, for Hypothesis: made through public commands, as fast as those are.

An account is read off a tape of bytes, one choice a byte, so that Hypothesis draws once and shrinks well: 0 is always
the least of the choices, and a tape that has run out goes on with zeros. The first user is the one that most hangs on.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TypeVar

from hypothesis import strategies as st
from msgspec import Struct

from pbxsim.core import commands as c
from pbxsim.core import nodes as n
from pbxsim.core.platform import KEEP, Platform, Rule
from pbxsim.core.refusals import PbxsimError
from pbxsim.facade import Account
from pbxsim.platforms import PLATFORMS
from pbxsim.testing.strangers import Stranger
from pbxsim.world import World

T = TypeVar("T")

TAPE = 220  # bytes: more than the largest account takes
EVERY_DAY: tuple[n.Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING_DAYS = EVERY_DAY[:5]


class Drawn(Struct, frozen=True, eq=False):
    """A world with one account in it. `user` is the id of the user that most hangs on; `strangers` are the phones that
    are registered and not emulated, by the ids of their devices."""

    world: World
    account: Account
    user: str
    strangers: dict[str, Stranger]

    def __repr__(self) -> str:
        pbx = self.world.pbx
        lines = [repr(entity) for _, entity in sorted(pbx.entities.items())]
        lines += [f"{device} registered: {bound}" for device, bound in sorted(pbx.bindings.items())]
        return "\n".join([repr(self.account.snapshot()), *lines])


def accounts(platforms: Sequence[str] = tuple(PLATFORMS), phones: bool = True) -> st.SearchStrategy[Drawn]:
    """Random accounts of these platforms. `phones` False: without emulated phones, which take as long to boot as all
    the rest takes."""
    tapes = st.binary(min_size=TAPE, max_size=TAPE)
    return st.tuples(st.sampled_from(platforms), tapes).map(lambda drawn: draw(*drawn, phones=phones))


def draw(platform: str, tape: bytes, phones: bool = True) -> Drawn:
    """The account that a tape describes."""
    drawing = _Drawing(platform, _Tape(tape), phones)
    drawing.everything()
    return Drawn(drawing.world, drawing.account, drawing.users[0], drawing.strangers)


class _Tape:
    """Choices, one a byte."""

    def __init__(self, data: bytes) -> None:
        self._bytes = iter(data)

    def below(self, limit: int) -> int:
        """0 to limit - 1."""
        return next(self._bytes, 0) % limit

    def chance(self, of_ten: int) -> bool:
        """True so many times out of ten."""
        return next(self._bytes, 0) % 10 >= 10 - of_ten

    def pick(self, things: Sequence[T]) -> T:
        """One of them."""
        return things[self.below(len(things))]

    def some(self, things: Sequence[T]) -> tuple[T, ...]:
        """Any of them, in their order."""
        mask = self.below(256)
        return tuple(thing for place, thing in enumerate(things) if mask >> place & 1)


class _Drawing:
    """An account under way. What a rule refuses is left out."""

    def __init__(self, platform: str, tape: _Tape, phones: bool) -> None:
        self.tape, self.phones = tape, phones
        self.platform: Platform = PLATFORMS[platform]
        self.world = World(seed=1)
        self.account = self.world.accounts.add("acme", platform=platform, policy=self.policy())
        self.users: list[str] = []
        self.boxes: list[str] = []
        self.devices: list[str] = []
        self.queues: list[str] = []
        self.flows: list[str] = []
        self.numbers: list[str] = []
        self.strangers: dict[str, Stranger] = {}
        self.dark: list[str] = []  # phones that lose their power in the end

    def ask(self, type_: type[Any], **values: Any) -> str:
        """The id that a command was about, '' where it was refused."""
        with suppress(PbxsimError):
            return self.world.ask(type_, values)
        return ""

    def add(self, things: list[str], type_: type[Any], **values: Any) -> None:
        """Something more of the account's."""
        made = self.ask(type_, account=self.account.id, **values)
        if made:
            things.append(made)

    def everything(self) -> None:
        """What an account has, in an order in which it can be had."""
        for number in range(2 + self.tape.below(4)):
            self.user(str(201 + number))
        for number in range(self.tape.below(3)):
            self.add(self.boxes, c.AddMailbox, number=str(291 + number), name="Box", owner=self.owner())
        for number in range(self.tape.below(6)):
            self.device(f"805ec0{number:06x}")
        for position in range(self.tape.below(4) if self.devices else 0):
            device, user = self.tape.pick(self.devices), self.person()
            self.ask(c.AddBlfKey, device=device, position=position + 3, user=user)
        if self.tape.chance(2):
            self.ask(c.AddDirectoryEntry, account=self.account.id, user=self.users[0], name="Somebody")
        for number in range(self.tape.below(4)):
            members = self.people()
            self.add(self.queues, c.AddQueue, name=f"Queue {number}", members=members)
        for number in range(self.tape.below(5)):
            self.flow(number)
        for number in range(self.tape.below(6)):
            self.number(f"+6125550{1000 + number}")
        for _ in range(self.tape.below(5) if self.platform.versions else self.tape.below(3)):
            self.edit()
        self.settings()
        self.logins()

    # --- People and what is theirs -------------------------------------------------------------------------------

    def policy(self) -> dict[str, Any]:
        """Now and then, what becomes of a deleted user's things is another than usual."""
        rules = [rule for rule in self.platform.rules if ".user.delete." in rule.id and rule.policy is not None]
        return {rule.id: self.fate(rule) for rule in rules if self.tape.chance(2)}

    def fate(self, rule: Rule) -> Any:
        return self.tape.pick(rule.choices or (KEEP,))

    def user(self, extension: str) -> None:
        email = f"{extension}@example.com"
        id_ = self.ask(c.AddUser, account=self.account.id, extension=extension, first_name="User", email=email)
        box = self.account.mailboxes.get(extension)
        self.users.append(id_)
        self.boxes += [box.id] if box else []

    def first(self) -> bool:
        return self.tape.chance(6)

    def person(self) -> str:
        """The first user, or somebody else."""
        return self.users[0] if self.first() else self.tape.pick(self.users)

    def owner(self) -> str | None:
        return None if self.tape.chance(3) else self.person()

    def people(self) -> tuple[str, ...]:
        """Some users, the first one among them or not."""
        others = self.tape.some(self.users[1:])
        return (self.users[0], *others) if self.first() else others

    def device(self, mac: str) -> None:
        model = self.tape.pick(("yealink-t46s", "yealink-t54w"))
        owner = self.owner()
        self.add(self.devices, c.AddDevice, model=model, mac=mac, owner=owner)
        if self.phones and self.tape.chance(3):
            self.ask(c.AddPhone, device=self.devices[-1])
            self.ask(c.PowerPhone, phone=mac, on=True)
            self.dark += [mac] if self.tape.chance(4) else []
        elif self.tape.chance(6):
            self.strangers[self.devices[-1]] = Stranger(self.devices[-1])

    def settings(self) -> None:
        """Caller IDs and forwardings."""
        if self.numbers and self.tape.chance(4):
            self.ask(c.UpdateUser, user=self.person(), caller_id=self.tape.pick(self.numbers))
        if self.tape.chance(3):
            extensions = [user.extension for user in self.account.users]
            forwarding = {self.tape.pick(("always", "busy", "no_answer")): self.tape.pick(extensions)}
            self.ask(c.UpdateUser, user=self.tape.pick(self.users), forwarding=forwarding)
        if self.tape.chance(1):
            self.ask(c.UpdateUser, user=self.person(), dnd=True)

    def logins(self) -> None:
        """Phones boot, apps and agents log in, somebody sits at another's phone, and some phones lose their power."""
        for _ in range(self.tape.below(4)):
            self.ask(c.LogInApp, user=self.person(), app=self.tape.pick(("desktop", "mobile")))
        for queue in self.queues:
            for member in self.tape.some(self.account.queues[queue].members):
                self.ask(c.LogInAgent, queue=queue, user=member)
        if self.devices and self.tape.chance(2):
            self.ask(c.LogInAtDevice, device=self.tape.pick(self.devices), user=self.person())
        if self.world.state.phones:
            self.world.settle()
        for mac in self.dark:
            self.ask(c.PowerPhone, phone=mac, on=False)
        for device, stranger in list(self.strangers.items()):
            if stranger.register(self.world).status != 200:
                del self.strangers[device]

    # --- Callflows and numbers -----------------------------------------------------------------------------------

    def flow(self, number: int) -> None:
        numbers = (str(300 + number),) if self.platform.dialled_callflows and self.tape.chance(5) else ()
        if self.platform.callflow_needs_number and not numbers:
            numbers = (self.spare(f"+6125559{1000 + number}"),)
        self.add(self.flows, c.AddCallflow, name=f"Flow {number}", root=self.tree(3), numbers=numbers)

    def spare(self, e164: str) -> str:
        """A number that leads nowhere yet."""
        self.add(self.numbers, c.AddNumber, e164=e164)
        return e164

    def tree(self, depth: int) -> n.Node:
        """A complete tree. Most of them ring somebody."""
        then = self.tree(depth - 1) if depth > 1 and self.tape.chance(5) else None
        kind = self.tape.below(14)
        match kind:
            case 0 | 1 | 2 | 3:
                return n.Dial((self.person(),), then=then)
            case 4 | 5 | 6:
                return n.RingGroup(self.people() or (self.users[0],), then=then)
            case 7 | 8 if self.boxes:
                return n.Voicemail(self.boxes[0] if self.first() else self.tape.pick(self.boxes))
            case 9 | 10 if self.flows:
                return n.Transfer(self.tape.pick(self.flows))
            case 11 if self.queues:
                return n.Enqueue(self.tape.pick(self.queues), then=then)
            case 12 if depth > 1:
                return n.Menu((n.Option("1", self.tree(depth - 1)),), then=then)
            case 13 if depth > 1:
                days = self.tape.pick((EVERY_DAY, WORKING_DAYS))
                opening = n.Opening(days, self.tape.pick(("00:00", "09:00")), self.tape.pick(("24:00", "17:00")))
                return n.Hours((opening,), open=self.tree(depth - 1), then=then)
        return n.Announcement("Welcome", then=then) if then else n.HangUp()

    def number(self, e164: str) -> None:
        """It leads to a callflow, straight to a user, or nowhere."""
        self.add(self.numbers, c.AddNumber, e164=e164)
        flows = list(self.account.callflows)
        where = self.tape.below(10)
        if where < 7 and flows:
            self.ask(c.UpdateNumber, number=self.numbers[-1], callflow=self.tape.pick(flows).id)
        elif where < 9 and self.platform.numbers_to_users:
            self.ask(c.UpdateNumber, number=self.numbers[-1], user=self.person())
        elif where == 9:
            self.ask(c.ActivateNumber, number=self.numbers[-1])

    def edit(self) -> None:
        """A draft that stays one or goes into service, or an edit in place; and numbers that go back to a version."""
        if not self.flows:
            return
        flow = self.tape.pick(self.flows)
        if not self.platform.versions:
            self.ask(c.UpdateCallflow, callflow=flow, root=self.tree(2))
            return
        draft = self.ask(c.DraftVersion, callflow=flow, root=self.tree(2))
        if self.tape.chance(6):
            self.ask(c.MakeAvailable, version=draft)
            if self.tape.chance(2):
                self.ask(c.ReassignCallflow, callflow=flow, to=flow, version=1)
