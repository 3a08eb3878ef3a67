"""How callflows let go of somebody: numbers that go elsewhere, edits, and versions that are deleted; in as few steps as
there can be.

Two ways, one row of the platform decides. Where callflows have versions, every version that holds him must be deleted,
and one that is in service must be replaced first (J5 to J8). Where they are edited in place, one step a callflow does:
an edit, or the end of a callflow of which nothing is left. Where a callflow cannot be without a number (P3), one whose
numbers all go elsewhere ends first, and the numbers are taken up again afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct

from pbxsim.core import commands as c
from pbxsim.core.entities import Callflow, Number, User, Version
from pbxsim.core.nodes import Transfer, walk
from pbxsim.core.platform import RELEASE
from pbxsim.core.pruning import pruned, without
from pbxsim.core.refusals import Refused
from pbxsim.core.state import State
from pbxsim.core.status import newest, numbers_of, status, transfers_to
from pbxsim.core.steps import Work

NOWHERE = ""  # where a number goes that is deactivated


class Wanted(Struct, frozen=True):
    """What is asked of the callflows: `gone` are the ids of the user and of his mailboxes that go, `goes` where numbers
    go: the id of a number -> of a callflow, or NOWHERE. Numbers that are not in it stay where they are."""

    user: User
    gone: frozenset[str]
    goes: Mapping[str, str]


def rearrange(work: Work, wanted: Wanted) -> None:
    """Take somebody out of all callflows, and send the numbers where they go."""
    _straight(work, wanted)
    holding = _holding(work.state, wanted.gone)
    if work.platform.versioned(work.account):
        _versioned(work, wanted, holding)
    else:
        _in_place(work, wanted, holding)


def _holding(state: State, gone: Collection[str]) -> list[Version]:
    """The versions that name any of these, in the order people see."""
    found = {one.id: one for id_ in gone for one in state.pointing_at(id_, Version)}
    return sorted(found.values(), key=lambda version: (_name(state, version), version.callflow, version.number))


def _name(state: State, version: Version) -> str:
    return state.the(Callflow, version.callflow).name


# --- Numbers -------------------------------------------------------------------------------------------------------


def _straight(work: Work, wanted: Wanted) -> None:
    """The numbers that lead straight to users (where the platform knows that): to this one, or to one who forwards to
    him. A step for each user and each place they go to; what a deletion would make of them anyway takes none."""
    leading: dict[str, list[Number]] = {}
    for number in _sorted(work.state.the(Number, id_) for id_ in wanted.goes):
        if number.user is not None:
            leading.setdefault(number.user, []).append(number)
    released = work.platform.setting(work.account, "user.delete.numbers") == RELEASE
    for user, numbers in sorted(leading.items(), key=lambda row: row[1][0].e164):
        for to, going in sorted(_by_target(numbers, wanted.goes).items()):
            if to == NOWHERE:
                if user != wanted.user.id or not released:
                    _deactivate(work, going)
            elif to == wanted.user.id:
                for number in going:
                    text = f"Let number {number.e164} lead nowhere for the time being"
                    work.do(text, c.UpdateNumber(number.id, user=None))
            else:
                _take(work, to, going)


def _leave(work: Work, wanted: Wanted) -> None:
    """The numbers of callflows that go elsewhere: a step for each callflow and each place they go to, and one for each
    that is deactivated. A callflow that must not be without a number waits for those that it gets."""
    waiting = [
        (callflow, to, numbers)
        for callflow, going in _sources(work.state, wanted).items()
        for to, numbers in sorted(_by_target(going, wanted.goes).items())  # NOWHERE comes first
    ]
    while waiting:
        refused, problem = [], None
        for row in waiting:
            trial = work.branch()
            try:
                _move(trial, wanted, *row)
            except Refused as error:
                refused.append(row)
                problem = error
            else:
                work.state, work.steps = trial.state, trial.steps
        if problem is not None and len(refused) == len(waiting):
            raise problem
        waiting = refused


def _move(work: Work, wanted: Wanted, callflow: Callflow, to: str, numbers: list[Number]) -> None:
    if to == NOWHERE:
        _deactivate(work, numbers)
        return
    held = _held(work.state, callflow)
    everything = len(numbers) == len([one for one in held if wanted.goes.get(one.id) != NOWHERE])
    chosen = None if everything else tuple(number.id for number in numbers)
    which = "all numbers" if everything else _listed(numbers)
    text = f"Reassign {which} of {callflow.name} to {work.state.the(Callflow, to).name}"
    work.do(text, c.ReassignCallflow(callflow.id, to, numbers=chosen))


def _sources(state: State, wanted: Wanted) -> dict[Callflow, list[Number]]:
    """The callflows that numbers leave, by name, and which numbers."""
    found: dict[str, list[Number]] = {}
    for id_ in wanted.goes:
        number = state.the(Number, id_)
        version = state.get(Version, number.version)
        if version is not None and version.callflow != wanted.goes[id_]:
            found.setdefault(version.callflow, []).append(number)
    callflows = sorted((state.the(Callflow, id_) for id_ in found), key=lambda one: (one.name, one.id))
    return {callflow: _sorted(found[callflow.id]) for callflow in callflows}


def _held(state: State, callflow: Callflow) -> list[Number]:
    return [number for id_ in callflow.versions for number in numbers_of(state, state.the(Version, id_))]


def _by_target(numbers: list[Number], goes: Mapping[str, str]) -> dict[str, list[Number]]:
    found: dict[str, list[Number]] = {}
    for number in numbers:
        found.setdefault(goes[number.id], []).append(number)
    return found


def _deactivate(work: Work, numbers: list[Number]) -> None:
    for number in numbers:
        work.do(f"Deactivate number {number.e164}", c.DeactivateNumber(number.id))


def _take(work: Work, to: str, numbers: list[Number]) -> None:
    """A callflow takes numbers that are in none."""
    callflow = work.state.the(Callflow, to)
    kept = [number.e164 for number in _held(work.state, callflow)] + list(callflow.dialled)
    every = (*kept, *(number.e164 for number in numbers))
    work.do(f"Give {_listed(numbers)} to {callflow.name}", c.UpdateCallflow(to, numbers=every))


def _listed(numbers: list[Number]) -> str:
    return ", ".join(number.e164 for number in numbers)


def _sorted(numbers: Iterable[Number]) -> list[Number]:
    return sorted(numbers, key=lambda number: number.e164)


# --- Where callflows have versions ---------------------------------------------------------------------------------


def _versioned(work: Work, wanted: Wanted, holding: list[Version]) -> None:
    """Numbers first; then the callflows that must be edited, which are found by trying; then the deletions."""
    _leave(work, wanted)
    edits: dict[str, None] = {}
    for version in holding:
        if numbers_of(work.state, version):
            edits[version.callflow] = None
    done = _settled(work, wanted, holding, edits)
    work.state, work.steps = done.state, done.steps


def _settled(work: Work, wanted: Wanted, holding: list[Version], edits: dict[str, None]) -> Work:
    """Edit these callflows, delete what holds the user, and where that does not go, edit what must be edited besides.

    What is kept by something that will not go away has to be edited. Where callflows keep one another, one of them is
    edited: that which needs the fewest others."""
    while True:
        trial = work.branch()
        stuck = _emptied(trial, wanted, holding, edits)
        if not stuck:
            bare = [version.callflow for version in holding if _bare(work.state, trial.state, version.callflow)]
            if not bare:
                return trial
            edits = edits | dict.fromkeys(bare)
            continue
        ids = {version.id for version in stuck}
        left = dict.fromkeys(version.callflow for version in stuck if version.callflow not in edits)
        forced = [id_ for id_ in left if _kept(trial.state, trial.state.the(Callflow, id_), ids)]
        if not left:
            raise Refused("pbx.offboarding", "The callflows cannot let go of the user", _names(trial.state, stuck))
        if forced:
            edits = edits | dict.fromkeys(forced)
        else:
            ways = [_settled(work, wanted, holding, edits | {id_: None}) for id_ in left]
            return min(ways, key=lambda way: len(way.steps))


def _bare(before: State, after: State, callflow: str) -> bool:
    """Has a callflow to which something leads lost all that was in service, so that only drafts are left?"""
    left = after.get(Callflow, callflow)
    if left is None or newest(after, left) is not None or newest(before, before.the(Callflow, callflow)) is None:
        return False
    return any(one.callflow != callflow for one in transfers_to(after, left))


def _names(state: State, versions: list[Version]) -> str:
    return ", ".join(f"version {version.number} of {_name(state, version)}" for version in versions)


def _emptied(work: Work, wanted: Wanted, holding: list[Version], edits: Collection[str]) -> list[Version]:
    """Edit and delete; the versions that could not be deleted. One that leads to others of them goes first."""
    waiting = list(holding)
    for id_ in edits:
        edited = _edit(work, wanted, work.state.the(Callflow, id_), waiting)
        waiting = [version for version in waiting if version.id != edited]
    flows = {version.callflow for version in waiting}
    leading = {v.id for v in waiting if any(one in flows - {v.callflow} for one in _transfers(work.state, v))}
    waiting.sort(key=lambda version: version.id not in leading)
    while True:
        before = len(waiting)
        waiting = [version for version in waiting if not _deleted(work, version)]
        if len(waiting) in (0, before):
            return waiting


def _transfers(state: State, version: Version) -> list[str]:
    """The callflows that a version leads to."""
    return [node.callflow for node in walk(version.root) if isinstance(node, Transfer)]


def _deleted(work: Work, version: Version) -> bool:
    name = _name(work.state, version)
    try:
        work.do(f"Delete version {version.number} of {name}", c.DeleteVersion(version.id))
    except Refused:
        return False
    return True


def _edit(work: Work, wanted: Wanted, callflow: Callflow, holding: list[Version]) -> str:
    """Take the user out of a callflow that stays; the id of a version that holds him no longer, '' if all still do."""
    state, gone, extension = work.state, wanted.gone, wanted.user.extension
    old = newest(state, callflow)
    if old is None:  # nothing is in service: the last draft is what stays
        draft = state.the(Version, callflow.versions[-1])
        text = f"Take user {extension} out of the draft of {callflow.name}"
        work.do(text, c.UpdateVersion(draft.id, pruned(draft.root, gone)))
        return draft.id
    if old.id not in {version.id for version in holding}:
        numbers = [n for version in holding if version.callflow == callflow.id for n in numbers_of(state, version)]
        text = f"Move {_listed(numbers)} to version {old.number} of {callflow.name}"
        work.do(text, c.ReassignCallflow(callflow.id, callflow.id, numbers=tuple(number.id for number in numbers)))
        return ""
    new = f"{callflow.id}.{callflow.drafted + 1}"
    work.do(
        f"Take user {extension} out of {callflow.name}, and make the new version Available",
        c.DraftVersion(callflow.id),
        c.UpdateVersion(new, pruned(old.root, gone)),
        c.MakeAvailable(new),
    )
    return ""


def _kept(state: State, callflow: Callflow, going: Collection[str]) -> bool:
    """Is a callflow held by something that stays? Either none of its versions stays and something leads to it, or its
    version in service goes and something that is in service leads to it."""
    leading = [one for one in transfers_to(state, callflow) if one.callflow != callflow.id and one.id not in going]
    if all(id_ in going for id_ in callflow.versions) and leading:
        return True
    last = newest(state, callflow)
    return last is not None and last.id in going and any(_in_service(state, one, going) for one in leading)


def _in_service(state: State, version: Version, going: Collection[str]) -> bool:
    """Would it be ACTIVE if only what stays led to it? Back along the transfers, to a number."""
    if version.draft or status(state, version) != "ACTIVE":
        return False
    seen, waiting = {version.id}, [version]
    while waiting:
        version = waiting.pop()
        callflow = state.the(Callflow, version.callflow)
        if callflow.dialled or numbers_of(state, version):
            return True
        if newest(state, callflow) is version:
            for source in transfers_to(state, callflow):
                if not source.draft and source.id not in seen and source.id not in going:
                    seen.add(source.id)
                    waiting.append(source)
    return False


# --- Where callflows are edited in place -----------------------------------------------------------------------------


def _in_place(work: Work, wanted: Wanted, holding: list[Version]) -> None:
    """One step a callflow: its end where nothing is left of it, else an edit. Where there were versions before the
    account was switched, those that are not in service go first."""
    holding = [one for one in holding if _newest_of(work.state, one) or not _deleted(work, one)]
    state = work.state
    held = {version.callflow: version for version in holding}
    arriving = {to for to in wanted.goes.values() if to}
    staying = {id_ for id_ in (*held, *(one.id for one in _sources(state, wanted))) if _stays(state, wanted, id_)}
    numbered = staying | arriving
    ended = set()
    if work.platform.callflow_needs_number:
        touched = {callflow.id for callflow in _sources(state, wanted)}
        ended = {id_ for id_ in touched - numbered if not state.the(Callflow, id_).dialled}
    empty = {id_ for id_, version in held.items() if id_ not in numbered and without(version.root, wanted.gone) is None}
    dying = ended | _unneeded(state, empty - ended, ended)
    freed = [callflow for callflow in _sources(state, wanted) if callflow.id in ended]
    for callflow in freed:
        _end(work, callflow)
    _take_up(work, wanted, state, freed)
    _leave(work, wanted)
    leading = {one.callflow for id_ in dying for one in transfers_to(state, state.the(Callflow, id_))}
    for callflow in _in_order(state, (held.keys() | leading) - dying):
        version = newest(work.state, callflow)
        assert version is not None, "a callflow that is edited in place has one version"
        root = pruned(version.root, wanted.gone | dying)
        text = f"Take user {wanted.user.extension} out of {callflow.name}"
        if callflow.id not in held:
            text = f"Take {_gone_names(state, version, dying)} out of {callflow.name}"
        work.do(text, c.UpdateCallflow(callflow.id, root=root))
    for callflow in _in_order(state, dying - ended):
        _end(work, callflow)


def _newest_of(state: State, version: Version) -> bool:
    return newest(state, state.the(Callflow, version.callflow)) is version


def _stays(state: State, wanted: Wanted, callflow: str) -> bool:
    """Does a callflow keep any of its E.164 numbers?"""
    return any(number.id not in wanted.goes for number in _held(state, state.the(Callflow, callflow)))


def _unneeded(state: State, empty: set[str], ended: set[str]) -> set[str]:
    """Those of the empty callflows to which nothing leads that stays."""
    while True:
        sources = {id_: {one.callflow for one in transfers_to(state, state.the(Callflow, id_))} for id_ in empty}
        needed = {id_ for id_, flows in sources.items() if flows - empty - ended}
        if not needed:
            return empty
        empty = empty - needed


def _take_up(work: Work, wanted: Wanted, before: State, freed: list[Callflow]) -> None:
    """What was in callflows that have ended goes where it goes."""
    for callflow in freed:
        going = [number for number in _sorted(_held(before, callflow)) if number.id in wanted.goes]
        for to, numbers in sorted(_by_target(going, wanted.goes).items()):
            if to == NOWHERE:
                _deactivate(work, numbers)
            else:
                _take(work, to, numbers)


def _end(work: Work, callflow: Callflow) -> None:
    work.do(f"Delete callflow {callflow.name}", c.DeleteVersion(callflow.versions[-1]))


def _in_order(state: State, ids: Iterable[str]) -> list[Callflow]:
    return sorted((state.the(Callflow, id_) for id_ in ids), key=lambda callflow: (callflow.name, callflow.id))


def _gone_names(state: State, version: Version, dying: Collection[str]) -> str:
    names: dict[str, Any] = {state.the(Callflow, id_).name: None for id_ in _transfers(state, version) if id_ in dying}
    return " and ".join(names)
