"""Callflows and their versions.

Two ways of editing, one row of the platform decides: Jet drafts a version and makes it Available, and the old one stays
until it is deleted (J6 to J8); PISTON edits in place and keeps at least one number or pattern (P3). A callflow that
calls reach is never deleted on Jet; on PISTON its numbers become spare (KAZOO).
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, structs

from pbxsim.core.commands import (
    AddCallflow,
    DeleteCallflow,
    DeleteVersion,
    DraftVersion,
    MakeAvailable,
    ReassignCallflow,
    UpdateCallflow,
    UpdateVersion,
)
from pbxsim.core.entities import Callflow, Mailbox, Number, Queue, Version
from pbxsim.core.nodes import (
    MAX_DEPTH,
    MAX_NODES,
    Dial,
    Enqueue,
    Hours,
    Menu,
    Node,
    RingGroup,
    Transfer,
    Voicemail,
    branches,
    configured,
    depth,
    node_kind,
    targets,
    walk,
    with_branches,
)
from pbxsim.core.refusals import Blocker, Fault, Invalid, NotFound
from pbxsim.core.rules.common import member_ids, named, path, refuse, update
from pbxsim.core.rules.numbers import dialled_here, needs_number, point, split_numbers
from pbxsim.core.state import Change
from pbxsim.core.status import newest, numbers_of, status, transfers_to


def add(change: Change, command: AddCallflow) -> str:
    """Version 1, not a draft: so it must be complete (100 %)."""
    root = _resolved(change, command.root)
    id_ = change.new_id("c")
    version = Version(f"{id_}.1", change.account.id, id_, 1, root)
    _complete(change, version, command.name)
    numbers, dialled = split_numbers(change, command.numbers)
    if change.platform.callflow_needs_number and not command.numbers:
        refuse(
            change,
            "callflow.needs-number",
            f"Callflow {command.name} cannot be added",
            "it needs at least one number or extension; pass numbers=[...]",
        )
    for key in dialled:
        dialled_here(change, key, None)
    change.put(Callflow(id_, change.account.id, command.name, (version.id,), dialled))
    change.put(version)
    for number in numbers:
        point(change, number, version)
    change.event("callflow.added", id_, name=command.name)
    return id_


def update_callflow(change: Change, command: UpdateCallflow) -> str:
    """Name, numbers, and (where there are no versions) the tree."""
    callflow = change.state.the(Callflow, command.callflow)
    fields: dict[str, Any] = {"name": command.name}
    if command.root is not UNSET:
        if change.platform.versioned(change.account):
            refuse(
                change,
                "callflow.versions",
                f"Callflow {callflow.name} is not edited in place",
                "draft a version, change it and make it Available",
            )
        version = _newest(change, callflow)
        edited = structs.replace(version, root=_resolved(change, command.root, version.root))
        _complete(change, edited, callflow.name)
        update(change, version, {"root": edited.root}, "callflow.edited")
    if command.numbers is not UNSET:
        fields["dialled"] = _renumber(change, callflow, command.numbers)
    update(change, change.state.the(Callflow, callflow.id), fields)
    return callflow.id


def delete(change: Change, command: DeleteCallflow) -> str:
    """All versions at once, so none may be in service (J6); PISTON deletes whatever points here."""
    callflow = change.state.the(Callflow, command.callflow)
    versions = [change.state.the(Version, id_) for id_ in callflow.versions]
    if change.platform.versioned(change.account):
        blockers = [blocker for version in versions for blocker in _numbers(change, version)]
        blockers += _transfers(change, callflow)
        if blockers:
            detail = "it is in service"
            refuse(
                change,
                "callflow.delete.active",
                f"Callflow {callflow.name} cannot be deleted",
                detail,
                blockers,
            )
    for version in versions:
        for number in numbers_of(change.state, version):
            update(change, number, {"version": None}, "number.unassigned")
        change.drop(version)
    change.drop(callflow)
    change.event("callflow.deleted", callflow.id, name=callflow.name)
    return callflow.id


def reassign(change: Change, command: ReassignCallflow) -> str:
    """J5: all numbers of one callflow follow another at once; the emptied one turns AVAILABLE."""
    callflow = change.state.the(Callflow, command.callflow)
    to = named(change, Callflow, command.to, "/to")
    target = _newest(change, to)
    if command.version is not None:
        target = next(
            (v for id_ in to.versions if (v := change.state.the(Version, id_)).number == command.version),
            target,
        )
        if target.number != command.version or target.draft:
            raise Invalid([Fault("/version", f"{to.name} has no version {command.version} that is not a draft")])
    held = [n for id_ in callflow.versions for n in numbers_of(change.state, change.state.the(Version, id_))]
    moving = held if command.numbers is None else _chosen(change, callflow, held, command.numbers)
    emptied = not callflow.dialled and len(moving) == len(held)
    if change.platform.callflow_needs_number and emptied and to.id != callflow.id:
        needs_number(change, callflow, f"The numbers of {callflow.name} cannot all leave it")
    for number in moving:
        point(change, number, target, reassigning=True)
    change.event("callflow.reassigned", callflow.id, name=callflow.name, to=to.id)
    return to.id


def _chosen(change: Change, callflow: Callflow, held: list[Number], keys: tuple[str, ...]) -> list[Number]:
    """Some of a callflow's numbers, by id or E.164. Raises Invalid for any that it does not have."""
    found = {named(change, Number, key, f"/numbers/{index}").id: index for index, key in enumerate(keys)}
    strange = found.keys() - {number.id for number in held}
    if strange:
        places = sorted(found[id_] for id_ in strange)
        raise Invalid([Fault(f"/numbers/{i}", f"is not a number of {callflow.name}: {keys[i]!r}") for i in places])
    return [number for number in held if number.id in found]


def draft(change: Change, command: DraftVersion) -> str:
    """J7: an edit begins as a draft; it may be incomplete."""
    callflow = change.state.the(Callflow, command.callflow)
    if not change.platform.versioned(change.account):
        refuse(
            change,
            "callflow.in-place",
            f"Callflow {callflow.name} has no drafts",
            "on this platform a callflow is edited in place: update its root",
        )
    number = callflow.drafted + 1
    root = _newest(change, callflow).root if command.root is None else _resolved(change, command.root)
    version = Version(f"{callflow.id}.{number}", callflow.account, callflow.id, number, root, draft=True)
    versions = (*callflow.versions, version.id)
    change.put(structs.replace(callflow, versions=versions, drafted=number, revision=callflow.revision + 1))
    change.put(version)
    change.event("version.drafted", callflow.id, name=callflow.name, version=number)
    return version.id


def update_version(change: Change, command: UpdateVersion) -> str:
    """Only a draft can be changed; an edit of another begins with a draft of it."""
    version = change.state.the(Version, command.version)
    callflow = change.state.the(Callflow, version.callflow)
    if not version.draft:
        refuse(
            change,
            "callflow.version.fixed",
            f"Version {version.number} of {callflow.name} cannot be changed",
            "it is no draft; draft a new version and make that Available",
        )
    update(change, version, {"root": _resolved(change, command.root, version.root)}, "version.updated")
    return version.id


def make_available(change: Change, command: MakeAvailable) -> str:
    """J7: the new version takes every number of the old ones, which become AVAILABLE."""
    version = change.state.the(Version, command.version)
    callflow = change.state.the(Callflow, version.callflow)
    if not version.draft:
        refuse(
            change,
            "callflow.version.fixed",
            f"Version {version.number} of {callflow.name} is Available already",
        )
    last = newest(change.state, callflow)
    strict = change.platform.switched(change.account, "callflow.version.outdated")
    if strict and last is not None and last.number > version.number:
        refuse(
            change,
            "callflow.version.outdated",
            f"Version {version.number} of {callflow.name} cannot be made Available",
            f"version {last.number} has been made Available since; draft a new version",
        )
    _complete(change, version, callflow.name)
    update(change, version, {"draft": False}, "version.made_available")
    version = change.state.the(Version, version.id)
    for id_ in callflow.versions:
        if id_ != version.id:
            for number in numbers_of(change.state, change.state.the(Version, id_)):
                point(change, number, version, reassigning=True)
    return version.id


def delete_version(change: Change, command: DeleteVersion) -> str:
    """J6: only an AVAILABLE one or a draft. With its last version a callflow is gone."""
    version = change.state.the(Version, command.version)
    callflow = change.state.the(Callflow, version.callflow)
    if len(callflow.versions) == 1:
        return delete(change, DeleteCallflow(callflow.id))
    blockers = _holders(change, callflow, version)
    if blockers:
        title = f"Version {version.number} of {callflow.name} cannot be deleted"
        refuse(change, "callflow.delete.active", title, "it is ACTIVE", blockers)
    rest = tuple(id_ for id_ in callflow.versions if id_ != version.id)
    change.put(structs.replace(callflow, versions=rest, revision=callflow.revision + 1))
    change.drop(version)
    change.event("version.deleted", callflow.id, name=callflow.name, version=version.number)
    return callflow.id


# --- What holds a version ----------------------------------------------------------------------------------------


def _holders(change: Change, callflow: Callflow, version: Version) -> list[Blocker]:
    """What makes one version ACTIVE: its numbers, else the transfers that lead to it."""
    if status(change.state, version) != "ACTIVE":
        return []
    return _numbers(change, version) or _transfers(change, callflow)


def _numbers(change: Change, version: Version) -> list[Blocker]:
    """The numbers that point at a version."""
    return [
        Blocker(
            "number",
            number.id,
            number.e164,
            f"Reassign {number.e164} to another callflow, or deactivate it.",
            ("POST", f"{path(number)}/deactivate"),
        )
        for number in numbers_of(change.state, version)
    ]


def _transfers(change: Change, callflow: Callflow) -> list[Blocker]:
    """The versions of other callflows that a call would come from."""
    found = []
    for source in transfers_to(change.state, callflow):
        origin = change.state.the(Callflow, source.callflow)
        if origin.id != callflow.id:
            remedy = f"Take the transfer out of version {source.number} of {origin.name}, or delete that version."
            more = (("version", source.number), ("status", status(change.state, source)))
            found.append(Blocker("callflow", origin.id, origin.name, remedy, None, more))
    return sorted(found, key=lambda blocker: (blocker.name, blocker.more))


# --- Trees -------------------------------------------------------------------------------------------------------


def _newest(change: Change, callflow: Callflow) -> Version:
    version = newest(change.state, callflow)
    if version is None:
        raise NotFound("version in service of callflow", callflow.name, "Make its draft Available first.")
    return version


# What an unfinished node must be told.
_LACKS: dict[type[Any], str] = {
    Dial: "who rings at",
    RingGroup: "who rings at",
    Enqueue: "which queue is meant by",
    Menu: "which keys there are at",
    Hours: "when it is open, and what then, at",
    Voicemail: "which mailbox is meant by",
    Transfer: "which callflow is meant by",
}


def _complete(change: Change, version: Version, name: str) -> None:
    """Below 100 % it cannot be in service: a dial that names nobody would be a dead end."""
    least = change.platform.setting(change.account, "callflow.incomplete")
    if version.percent >= min(int(least or 100), 100):
        return
    blockers = [
        Blocker("node", str(index), node_kind(node), f"Say {_LACKS[type(node)]} node {index} ({node_kind(node)}).")
        for index, node in enumerate(walk(version.root), 1)
        if not configured(node)
    ]
    detail = f"it is at {version.percent} %; every node must be configured"
    refuse(change, "callflow.incomplete", f"Callflow {name} cannot be made Available", detail, blockers)


def _resolved(change: Change, root: Node, before: Node | None = None) -> Node:
    """The tree with every name turned into an id. What was named in `before` may be gone by now (P4)."""
    deepest, many = depth(root), sum(1 for _ in walk(root))
    if deepest > MAX_DEPTH or many > MAX_NODES:
        limits = f"at most {MAX_DEPTH} deep, {MAX_NODES} in all"
        raise Invalid([Fault("/root", f"is {deepest} nodes deep and has {many} nodes; {limits}")])
    keep = frozenset(target for node in walk(before) for target in targets(node))
    faults: list[Fault] = []
    tree = _resolved_tree(change, root, "/root", keep, faults)
    if faults:
        raise Invalid(faults)
    return tree


def _resolved_tree(change: Change, node: Node, pointer: str, keep: frozenset[str], faults: list[Fault]) -> Node:
    """Node by node; all that is wrong is collected. (Recursion is bounded by MAX_DEPTH.)"""
    try:
        resolved = _resolved_node(change, node, pointer, keep)
    except Invalid as error:
        faults += error.faults
        resolved = node
    below = {where: _resolved_tree(change, one, pointer + where, keep, faults) for where, one in branches(node)}
    return with_branches(resolved, below)


def _resolved_node(change: Change, node: Node, pointer: str, keep: frozenset[str]) -> Node:
    match node:
        case Dial() | RingGroup():
            return structs.replace(node, users=member_ids(change, node.users, f"{pointer}/users", keep))
        case Voicemail() if node.mailbox and node.mailbox not in keep:
            return Voicemail(named(change, Mailbox, node.mailbox, f"{pointer}/mailbox").id)
        case Transfer() if node.callflow and node.callflow not in keep:
            return Transfer(named(change, Callflow, node.callflow, f"{pointer}/callflow").id)
        case Enqueue() if node.queue and node.queue not in keep:
            return structs.replace(node, queue=named(change, Queue, node.queue, f"{pointer}/queue").id)
        case Menu() if len({option.key for option in node.options}) < len(node.options):
            raise Invalid([Fault(f"{pointer}/options", "must not have one key twice")])
        case Hours():
            late = [i for i, opening in enumerate(node.openings) if opening.end <= opening.start]
            if late:
                raise Invalid([Fault(f"{pointer}/openings/{i}/end", "must be later than the start") for i in late])
            return node
        case _:
            return node


def _renumber(change: Change, callflow: Callflow, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Give the callflow exactly these numbers; the extensions and feature codes among them are returned."""
    numbers, dialled = split_numbers(change, keys)
    if change.platform.callflow_needs_number and not keys:
        needs_number(change, callflow, f"The last number of {callflow.name} cannot be removed")
    for key in dialled:
        dialled_here(change, key, callflow.id)
    version = _newest(change, callflow)
    wanted: dict[str, Number] = {number.id: number for number in numbers}
    for id_ in callflow.versions:
        for number in numbers_of(change.state, change.state.the(Version, id_)):
            if number.id not in wanted:
                update(change, number, {"version": None}, "number.unassigned")
    for number in wanted.values():
        point(change, number, version)
    return dialled
