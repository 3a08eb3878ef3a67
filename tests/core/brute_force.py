"""The shortest plan by trying all: a search over X1's steps, written on another road than `core/offboarding.py`.

A step is carried out by the commands of the PBX on a state of its own; whether it was any use is judged by its effect
alone. The search goes by the number of steps so far and of those that are needed at least (one for each thing that only
a step of its own takes away), so the first end it reaches is a shortest one. Steps that neither wait for another nor
are waited for (queues, logins, devices, mailboxes) are tried in one order only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush
from itertools import count
from typing import Any

import msgspec

from pbxsim.core import commands as c
from pbxsim.core.entities import (
    AppLogin,
    BlfKey,
    Callflow,
    Device,
    DirectoryEntry,
    HotDesk,
    Mailbox,
    Number,
    Queue,
    User,
    Version,
)
from pbxsim.core.indexes import references_of
from pbxsim.core.nodes import Node, targets, walk
from pbxsim.core.refusals import PbxsimError
from pbxsim.core.routing import route
from pbxsim.core.state import State
from pbxsim.core.status import newest, status, transfers_to
from pbxsim.core.transition import transition
from pbxsim.platforms import PLATFORMS
from pbxsim.world import utc_offset

HOUR, DAY = 3_600_000, 86_400_000

Label = tuple[str, ...]


def removed(node: Any, gone: frozenset[str]) -> Any:
    """A tree as JSON, without these ids; None if nothing is left."""
    if node is None:
        return None
    node = dict(node)
    for name in ("then", "open"):
        if name in node:
            node[name] = removed(node[name], gone)
    kind = node["type"]
    if kind == "menu":
        options = [{**option, "then": removed(option["then"], gone)} for option in node["options"]]
        node["options"] = [option for option in options if option["then"] is not None]
        return node if node["options"] else node["then"]
    if kind == "hours":
        return node if node["open"] is not None else node["then"]
    if kind in ("dial", "ring-group"):
        node["users"] = [user for user in node["users"] if user not in gone]
        return node if node["users"] else node["then"]
    if node.get("mailbox") in gone or node.get("callflow") in gone:
        return None
    return node


def tree_without(root: Node, gone: frozenset[str]) -> Node:
    left = removed(msgspec.to_builtins(root), gone)
    return msgspec.convert(left or {"type": "hang-up"}, Node)


def looks_of(now: int) -> tuple[Mapping[str, Any], ...]:
    """This moment; and by the clock a night, a noon and an evening of a working day and of a Saturday: whatever hours
    `strategies` makes, each of their ways is gone at one of these."""
    midnight = now - now % DAY
    days = [midnight + day * DAY for day in range(7)]
    wednesday, saturday = (next(d for d in days if (d // DAY + 3) % 7 == weekday) for weekday in (2, 5))
    clock = [day + hour * HOUR for day in (wednesday, saturday) for hour in (3, 12, 20)]
    return tuple({"now": instant, "offset": utc_offset} for instant in (now, *clock))


class Search:
    """One account, one user, and where his numbers shall go: {number id: callflow id, "keep" or "deactivate"}.

    `hardware` says of each registered device what can be done about it: "reset", "wait" or "human"; `end` that the
    service desk may end a login instead."""

    def __init__(
        self, state: State, user: str, choices: Mapping[str, str], hardware: Mapping[str, str], end: bool, now: int
    ) -> None:
        self.start, self.choices, self.hardware, self.end, self.now = state, dict(choices), hardware, end, now
        self.user = state.the(User, user)
        self.account = state.accounts[self.user.account]
        self.platform = PLATFORMS[self.account.platform]
        self.blocking = self.platform.user_delete_blockers
        fates = {
            kind: self.platform.setting(self.account, f"user.delete.{kind}")
            for kind in ("devices", "mailboxes", "numbers", "queues", "blf-keys", "directory")
        }
        self.fate = {kind: said if said in ("release", "delete") else "keep" for kind, said in fates.items()}
        boxes = {box.id for box in state.pointing_at(user, Mailbox)}
        stay = self.fate["mailboxes"] == "release" and "callflow" not in self.blocking
        self.gone = frozenset({user} | (set() if stay else boxes))
        self.devices = [device.id for device in state.pointing_at(user, Device)]
        self.boxes = sorted(boxes)
        everything = [one for one in state.entities.values() if one.account == self.account.id]
        self.numbers = {one.id: one for one in everything if isinstance(one, Number)}
        self.origin = {id_: self.place(state, id_) for id_ in self.numbers}
        if self.fate["numbers"] == "keep":
            self.choices = {id_: "keep" for id_, where in self.origin.items() if where == user} | self.choices
        self.looks = looks_of(now)
        self.reached = {id_: self.reaches(state, one) for id_, one in self.numbers.items()}
        self.dangling = self.dangling_in(state)
        self.found: tuple[Label, ...] = ()  # the steps of a shortest plan

    # --- What is ---------------------------------------------------------------------------------------------------

    def place(self, state: State, number: str) -> str:
        """The callflow or user that a number leads to, '' for nowhere."""
        found = state.the(Number, number)
        version = state.get(Version, found.version)
        return version.callflow if version else found.user or ""

    def reaches(self, state: State, number: Number) -> set[int]:
        """The looks in which a number reaches somebody."""
        account, to = self.account, number.e164
        looks = [route(state, account, to, platform=self.platform, **look).reaches_somebody for look in self.looks]
        return {index for index, reached in enumerate(looks) if reached}

    def dangling_in(self, state: State) -> set[tuple[str, str]]:
        entities = state.entities
        return {(one.id, to) for one in entities.values() for to in references_of(one) if to not in entities}

    def versions(self, state: State) -> list[Version]:
        found = [one for one in state.entities.values() if isinstance(one, Version)]
        return sorted((one for one in found if one.account == self.account.id), key=lambda one: one.id)

    def holds(self, version: Version, ids: frozenset[str]) -> bool:
        return any(to in ids for node in walk(version.root) for to in targets(node))

    def ended(self, state: State) -> frozenset[str]:
        """The callflows that have gone since the start."""
        return frozenset(id_ for id_, one in self.start.entities.items() if type(one) is Callflow) - frozenset(
            state.entities
        )

    def open_moves(self, state: State) -> set[Label]:
        """Numbers that are not yet where they shall be: (from, to) together, the deactivated one by one."""
        found: set[Label] = set()
        for number, to in self.choices.items():
            origin, place = self.origin[number], self.place(state, number)
            if to == "deactivate":
                released = origin == self.user.id and self.fate["numbers"] == "release"
                if not released and (place or state.the(Number, number).active):
                    found.add(("deactivate", number))
            elif to == "keep":
                if origin == self.user.id and place:
                    found.add(("free", number))
            elif place != to:
                found.add(("move", origin, to))
        return found

    def needed(self, state: State) -> int:
        """So many steps are still needed at least."""
        holding = [one for one in self.versions(state) if self.holds(one, self.gone)]
        least = len(holding) if self.platform.versions else len({one.callflow for one in holding})
        return least + self.loosely(state) + len(self.open_moves(state)) + (self.user.id in state.entities)

    def loosely(self, state: State) -> int:
        """How many of them are steps that have to do with no others."""
        here = state.entities
        least = sum(1 for _ in self.seats(state)) + sum(device in here for device in self.kept_devices())
        least += sum(1 for _ in self.names(state))
        least += sum(box in here for box in self.boxes) if self.fate["mailboxes"] == "keep" else 0
        logins = list(self.logins(state))
        waits = [login for login in logins if login[0] == "wait"]
        return least + len(logins) - len(waits) + bool(waits)

    def names(self, state: State) -> Iterator[tuple[str, Any]]:
        """Keys and entries that would keep the dead id, and what deletes each."""
        for one in state.pointing_at(self.user.id, BlfKey):
            goes_along = one.device in self.devices and self.fate["devices"] != "release"
            if self.fate["blf-keys"] == "keep" and not goes_along:
                yield one.id, c.DeleteBlfKey(one.id)
        for entry in state.pointing_at(self.user.id, DirectoryEntry):
            if self.fate["directory"] == "keep":
                yield entry.id, c.DeleteDirectoryEntry(entry.id)

    def kept_devices(self) -> list[str]:
        return self.devices if self.fate["devices"] == "keep" else []

    def seats(self, state: State) -> Iterator[Queue]:
        if "queue" in self.blocking or self.fate["queues"] == "keep":
            yield from state.pointing_at(self.user.id, Queue)

    def logins(self, state: State) -> Iterator[Label]:
        """(what can be done, login) for each that is in the way."""
        if "login" not in self.blocking:
            return
        for one in state.sources(self.user.id):
            if isinstance(one, AppLogin):
                yield "app", one.id
            elif isinstance(one, HotDesk):
                yield "desk", one.id
            elif isinstance(one, Device) and one.id in state.bindings and one.id not in self.kept_devices():
                way = self.hardware[one.id]
                yield ("end" if self.end and way != "reset" else way), one.id

    def over(self, state: State) -> bool:
        """Is he gone, and everything as it shall be?"""
        if self.user.id in state.entities or self.dangling_in(state) - self.dangling:
            return False
        if not self.nothing_older(state):
            return False
        for id_ in self.numbers:
            number, to, place = state.the(Number, id_), self.choices.get(id_), self.place(state, id_)
            if to == "deactivate":
                if number.active or place:
                    return False
            elif to not in (None, "keep"):
                if place != to:
                    return False
            elif to == "keep" and self.origin[id_] == self.user.id:
                if not number.active or place:
                    return False
            elif to is None and self.origin[id_] == self.user.id:
                if self.reached[id_]:
                    return False
            elif place != self.origin[id_] or (to is None and self.reached[id_] - self.reaches(state, number)):
                return False
        return True

    def nothing_older(self, state: State) -> bool:
        """Callers get what they got, without him: what is in service at the end is no older version than before; and
        where a transfer leads there still is a version in service."""
        for callflow in [one for one in state.entities.values() if type(one) is Callflow]:
            was, now = newest(self.start, self.start.the(Callflow, callflow.id)), newest(state, callflow)
            if was is None or (now is not None and now.number >= was.number):
                continue
            leading = [one for one in transfers_to(state, callflow) if one.callflow != callflow.id]
            arrived = any(to == callflow.id != self.origin[number] for number, to in self.choices.items())
            used = arrived or any(status(state, one) == "ACTIVE" for one in leading)
            if used or (leading and now is None):
                return False
        return True

    # --- What may be done --------------------------------------------------------------------------------------------

    def loose(self, state: State) -> Iterator[tuple[Label, list[Any]]]:
        """Steps that have to do with no others."""
        for queue in state.pointing_at(self.user.id, Queue):
            yield ("1 queue", queue.id), [c.RemoveMember(queue.id, self.user.id)]
        for device in self.kept_devices():  # others are not deleted for his sake
            if device in state.entities:
                yield ("2 device", device), [c.DeleteDevice(device)]
        for box in self.boxes:
            if box in state.entities:
                yield ("3 mailbox", box), [c.DeleteMailbox(box)]
        for name, command in self.names(state):
            yield ("3 name", name), [command]
        logins = list(self.logins(state))
        for way, login in logins:
            if way != "wait":
                yield ("4 login", login), [c.EndLogin(login)]
        waits = [c.EndLogin(login) for way, login in logins if way == "wait"]
        if waits:
            yield ("5 wait",), waits

    def bound(self, state: State) -> Iterator[tuple[Label, list[Any]]]:
        """Steps of which one may be the condition of another."""
        for move in sorted(self.open_moves(state)):
            yield move, self.moving(state, move)
        ended = self.ended(state)
        for callflow in sorted({version.callflow for version in self.versions(state)}):
            found = state.the(Callflow, callflow)
            mine = [one for one in self.versions(state) if one.callflow == callflow]
            if any(self.holds(one, self.gone | ended) for one in mine):
                yield from self.editing(found, mine, self.gone | ended)
            leaving = self.platform.callflow_needs_number and not found.dialled
            for version in mine:
                if self.holds(version, self.gone) or leaving:
                    yield ("delete", version.id), [c.DeleteVersion(version.id)]
        yield ("user",), [c.DeleteUser(self.user.id)]

    def moving(self, state: State, move: Label) -> list[Any]:
        if move[0] == "deactivate":
            return [c.DeactivateNumber(move[1])]
        if move[0] == "free":
            return [c.UpdateNumber(move[1], user=None)]
        _, origin, to = move
        numbers = [id_ for id_, where in self.choices.items() if where == to and self.origin[id_] == origin]
        if origin in state.entities and state.get(Callflow, origin):
            return [c.ReassignCallflow(origin, to, numbers=tuple(numbers))]
        there = [one.e164 for one in self.numbers.values() if self.place(state, one.id) == to]
        callflow = state.get(Callflow, to)
        if callflow is None:
            return [c.DeleteUser("nobody")]
        every = (*there, *callflow.dialled, *(self.numbers[id_].e164 for id_ in numbers))
        return [c.UpdateCallflow(to, numbers=tuple(dict.fromkeys(every)))]

    def editing(
        self, callflow: Callflow, versions: list[Version], gone: frozenset[str]
    ) -> Iterator[tuple[Label, list[Any]]]:
        service = [version for version in versions if not version.draft]
        if not self.platform.versions:
            yield ("edit", callflow.id), [c.UpdateCallflow(callflow.id, root=tree_without(versions[-1].root, gone))]
            return
        if not service:
            last = max(versions, key=lambda version: version.number)
            yield ("edit", callflow.id), [c.UpdateVersion(last.id, tree_without(last.root, gone))]
            return
        last = max(service, key=lambda version: version.number)
        new = f"{callflow.id}.{callflow.drafted + 1}"
        edit = [c.DraftVersion(callflow.id), c.UpdateVersion(new, tree_without(last.root, gone)), c.MakeAvailable(new)]
        yield ("edit", callflow.id), edit
        yield ("gather", callflow.id), [c.ReassignCallflow(callflow.id, callflow.id)]

    # --- The search --------------------------------------------------------------------------------------------------

    def after(self, state: State, commands: list[Any]) -> State | None:
        """What is left of a step; None where it is refused."""
        try:
            for command in commands:
                stamped = c.Stamped(command, c.OPERATOR, self.now, 10_000)
                state = transition(state, stamped, PLATFORMS)[0].state
        except PbxsimError:
            return None
        return state

    def shortest(self, at_most: int, patience: int = 100_000) -> int | None:
        """The length of a shortest plan that is no longer than that; None if there is none."""
        serial = count()
        waiting: list[Any] = [(self.needed(self.start), 0, next(serial), self.start, ("",), ())]
        seen: set[Any] = set()
        while waiting:
            bound, _, _, state, last, steps = heappop(waiting)
            if self.over(state):
                self.found = steps
                return len(steps)
            patience -= 1
            assert patience > 0, "the search has become too large"
            loose = [] if last == ("bound",) else [row for row in self.loose(state) if row[0] > last]
            rows = [(label, commands, label) for label, commands in loose]
            if not self.loosely(state):
                rows += [(label, commands, ("bound",)) for label, commands in self.bound(state)]
            for label, commands, after in rows:
                following = self.after(state, commands)
                if following is None:
                    continue
                key = (after, hash(frozenset(following.entities.values())), following.bindings)
                bound = len(steps) + 1 + self.needed(following)
                if key not in seen and bound <= at_most:
                    seen.add(key)
                    heappush(waiting, (bound, -len(steps), next(serial), following, after, (*steps, label)))
        return None
