"""Where does a call go? A walk through numbers, versions and nodes, with a trace that says at each step what and why.

Pure and bounded: it rings nothing by itself, it says what would ring. Which devices ring for a user, and what becomes
of a node that names somebody who is gone, is KAZOO's behaviour (P5): his remaining devices still ring, without his
settings; with none left the call takes the node's child; with no child it reaches nobody.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pbxsim.core.entities import Account, AppLogin, Callflow, Mailbox, Number, User, Version
from pbxsim.core.logins import device_title, devices_ringing_for, mailbox_of
from pbxsim.core.nodes import Dial, HangUp, Node, RingGroup, Transfer, Voicemail
from pbxsim.core.state import State
from pbxsim.core.status import newest
from pbxsim.core.values import e164

MAX_STEPS = 64  # transfers may go in a circle; a real switch gives up as well

Outcome = Literal["rings", "voicemail", "hang-up", "nobody"]


class Step(Struct, frozen=True):
    """One step of a call: at what (`number`, `version`, a node's type), which one, and what happened there."""

    at: str
    name: str
    what: str


class Trace(Struct, frozen=True):
    """`rings`: the ids of the devices and app logins that ring in the end; `cause` says why a call reaches nobody."""

    to: str
    outcome: Outcome
    rings: tuple[str, ...]
    steps: tuple[Step, ...]
    cause: str = ""

    @property
    def reaches_somebody(self) -> bool:
        """Does the caller get a person's phone, or somewhere to leave a message?"""
        return self.outcome in ("rings", "voicemail")


class _Call:
    """One walk. `answered` False: every node that rings does so in vain, and the call goes on."""

    def __init__(self, state: State, account: Account, to: str, answered: bool) -> None:
        self.state, self.account, self.to, self.answered = state, account, to, answered
        self.steps: list[Step] = []

    def end(self, outcome: Outcome, rings: tuple[str, ...] = (), cause: str = "") -> Trace:
        return Trace(self.to, outcome, rings, tuple(self.steps), cause)

    def step(self, at: str, name: str, what: str) -> None:
        self.steps.append(Step(at, name, what))

    def nobody(self, at: str, name: str, cause: str) -> Trace:
        self.step(at, name, cause)
        return self.end("nobody", cause=f"{at} {name}: {cause}".replace("  ", " "))

    def version(self, version: Version) -> Trace:
        while True:
            callflow = self.state.the(Callflow, version.callflow)
            self.step("version", f"{callflow.name} {version.number}", "the call enters here")
            ended = self.tree(version.root, callflow)
            if not isinstance(ended, Version):
                return ended
            version = ended
            if len(self.steps) > MAX_STEPS:
                return self.nobody(
                    "transfer", callflow.name, f"transfers go in a circle; given up after {MAX_STEPS} steps"
                )

    def tree(self, node: Node | None, callflow: Callflow) -> Trace | Version:
        """Down one tree: to an end, or to the version that a transfer leads to."""
        while node is not None:
            match node:
                case Dial() | RingGroup():
                    rings = self.ring(node.users, "dial" if isinstance(node, Dial) else "ring group")
                    if rings and self.answered:
                        return self.end("rings", rings)
                    if node.then is None:
                        why = "nobody answers" if rings else "nothing here can ring"
                        return self.nobody("callflow", callflow.name, f"{why}, and the node has no next one")
                    node = node.then
                case Voicemail():
                    return self.voicemail(self.state.get(Mailbox, node.mailbox), node.mailbox)
                case Transfer():
                    target = self.state.get(Callflow, node.callflow)
                    following = newest(self.state, target) if target else None
                    if target is None or following is None:
                        return self.nobody("transfer", node.callflow, "leads to a callflow that is gone")
                    self.step("transfer", target.name, "the call goes on there")
                    return following
                case HangUp():
                    self.step("hang-up", callflow.name, "the call ends")
                    return self.end("hang-up")
        return self.nobody("callflow", callflow.name, "has no node")

    def ring(self, users: tuple[str, ...], at: str) -> tuple[str, ...]:
        rings: dict[str, None] = {}
        for id_ in users:
            user = self.state.get(User, id_)
            here = [
                (d.id, device_title(d)) for d in devices_ringing_for(self.state, id_) if d.id in self.state.bindings
            ]
            here += [(app.id, app.app) for app in self.state.pointing_at(id_, AppLogin)]
            rings |= dict.fromkeys(id_ for id_, _ in here)
            name = user.title if user else id_
            titles = ", ".join(title for _, title in here)
            if user is None:
                gone = "has been deleted; "
                what = gone + (
                    f"rings what is left: {titles}, without the user's settings" if here else "no device is left"
                )
            else:
                what = f"rings {titles}" if here else "has no registered phone and no app"
            self.step(at, name, what)
        return tuple(rings)

    def voicemail(self, box: Mailbox | None, id_: str) -> Trace:
        if box is None:
            return self.nobody("voicemail", id_, "the mailbox has been deleted")
        self.step("voicemail", box.number, "takes a message")
        return self.end("voicemail")

    def user(self, user: User) -> Trace:
        """An extension dialled directly: the phones, then the user's mailbox."""
        rings = self.ring((user.id,), "extension")
        if rings and self.answered:
            return self.end("rings", rings)
        box = mailbox_of(self.state, user)
        if box is None:
            return self.nobody("extension", user.title, "nobody answers, and there is no mailbox")
        return self.voicemail(box, box.id)


def route(state: State, account: Account, to: str, answered: bool = True) -> Trace:
    """Walk a call to `to` (E.164, extension or feature code) through the account. Never raises for a bad destination:
    a call to nowhere is a call too."""
    call = _Call(state, account, to, answered)
    user = None
    callflow = state.get(Callflow, state.find("dialled", account.id, to))
    version = newest(state, callflow) if callflow else None
    if callflow is None and (len(to) > 6 or to.startswith("+")):
        try:
            number = state.get(Number, state.find("e164", "", e164(to, account.country)))
        except ValueError:
            number = None
        if number is not None and number.account == account.id:
            version = state.get(Version, number.version)
            if version is None:
                lead = "is ACTIVE, but leads nowhere" if number.active else "is AVAILABLE: nothing is set up for it"
                return call.nobody("number", number.e164, lead)
            call.step("number", number.e164, "is on the account")
    elif callflow is None:
        user = state.get(User, state.find("extension", account.id, to))
    if version is not None:
        return call.version(version)
    if user is not None:
        return call.user(user)
    return call.nobody("number", to, f"is not on account {account.id}")
