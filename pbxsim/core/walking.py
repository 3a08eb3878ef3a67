"""A call on its way, from stage to stage: what numbers, users and nodes say, with a step for each thing that happens.

A `Walk` goes from a place to the next stage, where a call stays for a while: it rings, waits, is asked for a key. It is
pure and bounded; two tables say what a place and what a node means.

What becomes of a node that names somebody who is gone is KAZOO's behaviour (P5): with no device left the call takes the
node's child; with no child it reaches nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pbxsim.core.calls import (
    Leg,
    Over,
    Place,
    Playing,
    Prompting,
    Recording,
    Ringing,
    Serving,
    Stage,
    Waiting,
)
from pbxsim.core.entities import Callflow, Mailbox, Number, Queue, User, Version
from pbxsim.core.hours import opened
from pbxsim.core.keypad import spelled
from pbxsim.core.logins import mailbox_of
from pbxsim.core.messages import closed
from pbxsim.core.nodes import (
    Announcement,
    CheckVoicemail,
    Dial,
    DialByName,
    Enqueue,
    HangUp,
    HotDesking,
    Hours,
    Menu,
    RingGroup,
    Transfer,
    Voicemail,
)
from pbxsim.core.platform import inside
from pbxsim.core.ringing import Ringer
from pbxsim.core.status import newest
from pbxsim.core.values import e164

MAX_HOPS = 32  # transfers may go in a circle; a real switch gives up as well (SIP's Max-Forwards)
OUTSIDE_SECONDS = 30  # how long a telephone outside rings
FEWEST_LETTERS = 3  # of a name, before it is looked for (KAZOO: directories, min_dtmf)
SHOWN = 5  # of the names that letters may stand for, in a trace

Moved = Stage | Place


class Walk(Ringer):
    """One call. `go` is all that a user needs; the rest are the rows of the tables below."""

    __slots__ = ()

    def go(self, place: Moved) -> Stage:
        """From a place to the next stage."""
        while type(place) is Place:
            place = PLACES[place.do](self, place)
        return place  # type: ignore[return-value]

    def nobody(self, at: str, name: str, cause: str, outcome: Literal["nobody", "busy"] = "nobody") -> Over:
        """The call ends here, and has reached nobody."""
        self.step(at, name, cause)
        return Over(outcome, f"{at} {name}: {cause}".replace("  ", " "))

    # --- What is dialled -----------------------------------------------------------------------------------------

    def dialled(self, place: Place) -> Moved:
        """A number, an extension, a code; from inside the account also any telephone outside."""
        to, account = place.id, self.account
        callflow = self.state.get(Callflow, self.state.find("dialled", account.id, to))
        if callflow is not None:
            return self.version(newest(self.state, callflow), "callflow", callflow.name)
        if self.platform is not None and self.inside and to in self.platform.feature_codes:
            return Place("node", "", self.platform.feature_codes[to], to)
        if not (inside(to) if self.platform is None else self.platform.inside(to)):
            return self.number(place)
        user = self.state.get(User, self.state.find("extension", account.id, to))
        if user is None:
            return self.nobody("number", to, f"is not on account {account.id}")
        return self.reach(user.id, "extension", None, "", user.ring_seconds)

    def number(self, place: Place) -> Moved:
        """A telephone number: one of the account's, or one outside."""
        to, account = place.id, self.account
        found = self.state.find("e164", "", to)
        if found is None:
            try:
                to = e164(to, account.country)
            except ValueError:
                return self.nobody("number", to, f"is not on account {account.id}")
            found = self.state.find("e164", "", to)
        number = self.state.get(Number, found)
        if number is None or number.account != account.id:
            if not (self.inside or place.index):
                return self.nobody("number", to, f"is not on account {account.id}")
            self.step("outside", to, "rings outside")
            seconds = int(self.setting("call.outside-seconds", OUTSIDE_SECONDS))
            return Ringing((Leg("outside", to, to),), seconds, place.back or Place("unheard", to))
        if number.version is not None:
            version = self.state.get(Version, number.version)
            if version is not None:
                self.step("number", to, "is on the account")
                return self.version(version, "number", to)
        elif number.user is not None:
            user = self.state.get(User, number.user)
            self.step("number", to, "is on the account")
            seconds = user.ring_seconds if user is not None else 20
            return self.reach(number.user, "extension", None, "", seconds)
        lead = "is ACTIVE, but leads nowhere" if number.active else "is AVAILABLE: nothing is set up for it"
        return self.nobody("number", number.e164, lead)

    def unheard(self, place: Place) -> Moved:
        """Outside, nobody answers."""
        return self.nobody("outside", place.id, "nobody answers")

    def version(self, version: Version | None, at: str, name: str) -> Moved:
        """Into a callflow's tree."""
        if version is None:
            return self.nobody(at, name, "leads to a callflow that has only drafts")
        callflow = self.state.the(Callflow, version.callflow)
        self.hops += 1
        if self.hops > MAX_HOPS:
            why = f"transfers go in a circle; given up after {MAX_HOPS} of them"
            return self.nobody("transfer", callflow.name, why)
        self.step("version", f"{callflow.name} {version.number}", "the call enters here")
        return Place("node", "", version.root, callflow.name)

    # --- Nodes ---------------------------------------------------------------------------------------------------

    def node(self, place: Place) -> Moved:
        """Whatever a node's kind says: one row each."""
        node = place.node
        return NODES[type(node)](self, node, place)

    def then(self, node: Any, callflow: str, why: str) -> Moved:
        """To the node below; a tree that ends here has reached nobody."""
        if node.then is None:
            return self.nobody("callflow", callflow, f"{why}, and the node has no next one")
        return Place("node", "", node.then, callflow)

    def dial(self, node: Dial, place: Place) -> Moved:
        """One user rings as if his extension were dialled, but for as long as the node says; several all at once."""
        if len(node.users) == 1:
            return self.reach(node.users[0], "dial", node, place.callflow, node.seconds)
        return self.ringing(node, place.callflow, self.together(node.users, "dial", forwards=True))

    def ring_group(self, node: RingGroup, place: Place) -> Moved:
        """All at once, or one after the other. Forwarding is ignored: nobody takes the team's calls to his mobile."""
        if node.strategy == "in-turn":
            return Place("turn", "", node, place.callflow)
        return self.ringing(node, place.callflow, self.team(node.users))

    def turn(self, place: Place) -> Moved:
        """The next of a team; `id` is not '' once somebody has rung."""
        node: Any = place.node
        index, rung = place.index, place.id
        while index < len(node.users):
            legs = self.team((node.users[index],))
            index += 1
            if legs:
                return Ringing(legs, node.seconds, Place("turn", "rung", node, place.callflow, index))
        return self.then(node, place.callflow, "nobody answers" if rung else "nothing here can ring")

    def ringing(self, node: Dial | RingGroup, callflow: str, legs: tuple[Leg, ...]) -> Moved:
        """Let them ring, or go on at once where there are none."""
        if not legs:
            return self.then(node, callflow, "nothing here can ring")
        return Ringing(legs, node.seconds, Place("past", "", node, callflow, 1))

    def enqueue(self, node: Enqueue, place: Place) -> Moved:
        """Wait for an agent."""
        queue = self.state.get(Queue, node.queue)
        if queue is None:
            self.step("queue", node.queue, "has been deleted")
            return self.then(node, place.callflow, "the queue is gone")
        self.step("queue", queue.name, f"the caller waits for at most {node.seconds} s")
        return Waiting(queue.id, node.seconds, Place("past", "", node, place.callflow, 1))

    def menu(self, node: Menu, place: Place) -> Moved:
        """Each key leads somewhere; a wrong key, and none in time, to the next node."""
        if self.digits:
            key, self.digits = self.digits[0], self.digits[1:]
            for option in node.options:
                if option.key == key:
                    self.step("menu", place.callflow, f"the caller presses {key}")
                    return Place("node", "", option.then, place.callflow)
            self.step("menu", place.callflow, f"the caller presses {key}, which leads nowhere")
            return self.then(node, place.callflow, "the key leads nowhere")
        if place.index:
            self.step("menu", place.callflow, f"the caller presses no key for {node.seconds} s")
            return self.then(node, place.callflow, "no key was pressed")
        return Prompting(node.seconds, place, Place("node", "", node, place.callflow, 1))

    def dial_by_name(self, node: DialByName, place: Place) -> Moved:
        """As soon as the letters stand for one person, he is called; `#` ends a name, and so does silence."""
        typed, ended, rest = self.digits.partition("#")
        last = bool(ended or place.index)
        for count in range(FEWEST_LETTERS, len(typed) + 1):
            found = spelled(self.state, self.account.id, node.match, typed[:count])
            if len(found) > 1 and not (last and count == len(typed)):
                continue
            self.digits = rest
            if len(found) == 1:
                self.step("dial by name", typed[:count], f"stands for {found[0].title}")
                return Place("dialled", found[0].extension, index=1)
            listed = ", ".join(user.title for user in found[:SHOWN]) + (", ..." if len(found) > SHOWN else "")
            what = f"may stand for {listed}" if found else f"is nobody's {node.match} name"
            self.step("dial by name", typed[:count], what)
            return self.then(node, place.callflow, "the name is not clear" if found else "nobody has that name")
        if last:
            self.digits = rest
            self.step("dial by name", typed, f"fewer than {FEWEST_LETTERS} letters of a name")
            return self.then(node, place.callflow, "no name was typed")
        return Prompting(node.seconds, place, Place("node", "", node, place.callflow, 1))

    def hours(self, node: Hours, place: Place) -> Moved:
        """Open or closed, by the account's clock."""
        if self.now is None or self.offset is None:
            is_open, why = self.supposed(node)
        else:
            zone = self.account.timezone
            is_open, why = opened(node, zone, self.now, self.offset(zone, self.now))
        self.step("hours", place.callflow, why)
        if is_open and node.open is not None:
            return Place("node", "", node.open, place.callflow)
        return self.then(node, place.callflow, "nothing is set up for these hours")

    def supposed(self, node: Hours) -> tuple[bool, str]:
        """(open?, why) where no moment is given."""
        return True, "taken to be open"

    def announcement(self, node: Announcement, place: Place) -> Moved:
        """Say it, and go on."""
        said = f"says {node.text!r}" if node.text else "is played"
        self.step("announcement", place.callflow, f"{said} for {node.seconds} s")
        return Playing(node.seconds, Place("said", "", node, place.callflow))

    def said(self, place: Place) -> Moved:
        """An announcement that leads nowhere is the end: it was all there was to say."""
        node: Any = place.node
        return Place("node", "", node.then, place.callflow) if node.then else self.hang_up(HangUp(), place)

    def voicemail(self, node: Voicemail, place: Place) -> Moved:
        """Take a message."""
        return self._message(self.state.get(Mailbox, node.mailbox), node.mailbox)

    def _message(self, box: Mailbox | None, id_: str) -> Moved:
        if box is None:
            return self.nobody("voicemail", id_, "the mailbox has been deleted")
        why = closed(self.state, self.account, box, self.platform)
        if why:
            return self.nobody("voicemail", box.number, why)
        self.step("voicemail", box.number, "takes a message")
        return Recording(box.id)

    def transfer(self, node: Transfer, place: Place) -> Moved:
        """On in another callflow."""
        target = self.state.get(Callflow, node.callflow)
        following = newest(self.state, target) if target else None
        if target is None or following is None:
            return self.nobody("transfer", node.callflow, "leads to a callflow that is gone")
        self.step("transfer", target.name, "the call goes on there")
        return self.version(following, "transfer", target.name)

    def hot_desk(self, node: HotDesking, place: Place) -> Moved:
        """The caller logs in or out at the phone that he calls from (P11)."""
        self.step("hot desk", place.callflow, f"{node.action} at the phone that calls")
        return Serving(node.action)

    def check_voicemail(self, node: CheckVoicemail, place: Place) -> Moved:
        """The caller listens to his own mailbox."""
        user = self.state.get(User, self.caller)
        box = mailbox_of(self.state, user) if user is not None else None
        if box is None:
            return self.nobody("mailbox", place.callflow, "whoever calls has no mailbox of his own")
        self.step("mailbox", box.number, "the caller listens to his messages")
        return Serving("voicemail")

    def hang_up(self, node: HangUp, place: Place) -> Moved:
        """The end."""
        self.step("hang-up", place.callflow, "the call ends")
        return Over("hang-up")

    # --- Users ---------------------------------------------------------------------------------------------------

    def reach(self, id_: str, at: str, node: Dial | None, callflow: str, seconds: int) -> Moved:
        """One user: his forwarding, whether he wants to be disturbed and can be, his phones. `node` None: his extension
        itself was dialled, and his mailbox comes behind it."""
        user = self.state.get(User, id_)
        after = Place("unanswered", id_, node, callflow)
        if user is not None:
            to = user.forwarding
            if to.always:
                return self.forward(user, at, "all calls", to.always, Place("past", id_, node, callflow, 1))
            if user.dnd:
                self.step(at, user.title, "does not want to be disturbed: no phone rings")
                return after
            if self.busy_is(id_):
                return self.busy(Place("busy", id_, node, callflow))
        legs = self.legs(id_, user, at)
        if user is not None and user.forwarding.also:
            legs += self.also(user, legs)
        if not legs:
            return after
        return Ringing(legs, seconds, Place("unanswered", id_, node, callflow, 1))

    def busy(self, place: Place) -> Moved:
        """The user is in a call, or has declined this one."""
        user = self.state.get(User, place.id)
        if user is not None and user.forwarding.busy:
            return self.forward(user, "busy", "calls while busy", user.forwarding.busy, _past(place))
        self.step("busy", user.title if user else place.id, "is in a call")
        return self.past(_past(place, "busy"))

    def unanswered(self, place: Place) -> Moved:
        """His phones have rung in vain, or cannot: his forwarding, else what comes behind."""
        user = self.state.get(User, place.id)
        if user is not None and user.forwarding.no_answer:
            return self.forward(user, "no answer", "unanswered calls", user.forwarding.no_answer, _past(place))
        return self.past(place)

    def past(self, place: Place) -> Moved:
        """Behind a user or a node: the next node, or the mailbox of a user whose extension was dialled. `index` is not
        0 where something has rung."""
        node: Any = place.node
        if node is not None:
            return self.then(node, place.callflow, _WHY[type(node)] if place.index else "nothing here can ring")
        user = self.state.get(User, place.id)
        if user is None:
            return self.nobody("extension", place.id, "belongs to a user who has been deleted")
        if not user.voicemail:
            why = "nobody answers, and voicemail is off"
            return self.nobody("extension", user.title, why, "busy" if place.do == "engaged" else "nobody")
        box = mailbox_of(self.state, user)
        if box is None:
            return self.nobody("extension", user.title, "nobody answers, and there is no mailbox")
        return self._message(box, box.id)

    def forward(self, user: User, at: str, what: str, to: str, back: Place) -> Moved:
        """On to where a user wants his calls. Whoever has passed a call on does not get it again."""
        self.step(at, user.title, f"forwards {what} to {to}")
        self.forwarded += (user.id,)
        if user.id in self.forwarded[:-1]:
            names = [getattr(self.state.get(User, id_), "extension", id_) for id_ in self.forwarded]
            return self.nobody("forwarding", user.title, f"goes in a circle: {' > '.join(names)}")
        return Place("dialled", to, None, "", 1, back)


def _past(place: Place, do: str = "past") -> Place:
    return Place("engaged" if do == "busy" else "past", place.id, place.node, place.callflow, 1)


_WHY: dict[type, str] = {Dial: "nobody answers", RingGroup: "nobody answers", Enqueue: "no agent answers"}

PLACES: dict[str, Callable[[Walk, Place], Moved]] = {
    "dialled": Walk.dialled,
    "node": Walk.node,
    "turn": Walk.turn,
    "said": Walk.said,
    "busy": Walk.busy,
    "unanswered": Walk.unanswered,
    "past": Walk.past,
    "engaged": Walk.past,
    "unheard": Walk.unheard,
}
NODES: dict[type, Callable[[Walk, Any, Place], Moved]] = {
    Dial: Walk.dial,
    RingGroup: Walk.ring_group,
    Enqueue: Walk.enqueue,
    Menu: Walk.menu,
    DialByName: Walk.dial_by_name,
    Hours: Walk.hours,
    Announcement: Walk.announcement,
    Voicemail: Walk.voicemail,
    Transfer: Walk.transfer,
    HotDesking: Walk.hot_desk,
    CheckVoicemail: Walk.check_voicemail,
    HangUp: Walk.hang_up,
}
