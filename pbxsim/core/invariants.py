"""Laws that hold in every state, as named functions: tests, the test kit and the debug mode run the same ones.

Each takes a state and returns what breaks it, [] if it holds. Where `state.py` keeps an index by small steps, the law
makes it anew from the entities, on another road.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbxsim.core.calls import Ringing, Talking, Waiting
from pbxsim.core.directory import kept
from pbxsim.core.entities import (
    NOUNS,
    Account,
    BlfKey,
    Callflow,
    Device,
    DirectoryEntry,
    Entity,
    Job,
    JobRow,
    Mailbox,
    Message,
    Queue,
    User,
    Version,
)
from pbxsim.core.indexes import listings, references_of, unique_keys, word_lines
from pbxsim.core.nodes import Dial, RingGroup, walk
from pbxsim.core.platform import Platform
from pbxsim.core.state import State
from pbxsim.core.status import newest, numbers_of, status

Law = Callable[[State, Mapping[str, Platform]], list[str]]


def indexes_are_true(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Unique keys, references and order are what the entities say."""
    unique: dict[object, str] = {}
    references: dict[str, set[str]] = {}
    order: dict[object, list[str]] = {}
    words: dict[str, list[str]] = {}
    for entity in [*state.accounts.values(), *state.entities.values()]:
        for key in unique_keys(entity):
            unique[key] = entity.id
        for target in references_of(entity):
            references.setdefault(target, set()).add(entity.id)
        for place, items in listings(entity):
            order.setdefault(place, []).extend(items)
        if isinstance(entity, User):
            words.setdefault(entity.account, []).extend(word_lines(entity))
    broken = []
    if unique != dict(state.unique):
        broken.append("the unique keys are not those of the entities")
    if references != {target: set(sources) for target, sources in state.references.items()}:
        broken.append("the references are not those of the entities")
    kept = {place: list(index) for place, index in state.order.items()}
    if {place: sorted(items) for place, items in order.items()} != kept:
        broken.append("the lists are not those of the entities")
    if {account: sorted(lines) for account, lines in words.items()} != {
        account: list(index) for account, index in state.words.items()
    }:
        broken.append("the words of names are not those of the users")
    return broken


def only_deletion_dangles(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """A reference to what is gone exists only where the platform deletes without asking (PISTON)."""
    return [
        f"{NOUNS[type(entity)]} {entity.id} names {target}, which is gone"
        for entity in state.entities.values()
        for target in references_of(entity)
        if target not in state.entities
        and platforms[_platform(state, entity)].user_delete_blockers
        and not isinstance(entity, Version)
    ]


def nodes_name_the_living(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Where deleting a user is refused (Jet), no version rings one who is gone."""
    return [
        f"version {entity.id} rings {user}, who is gone"
        for entity in state.entities.values()
        if isinstance(entity, Version) and platforms[_platform(state, entity)].user_delete_blockers
        for node in walk(entity.root)
        if isinstance(node, Dial | RingGroup)
        for user in node.users
        if state.get(User, user) is None
    ]


def secrets_belong_to_somebody(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """No secret outlives its entity, and every device has its two."""
    broken = [f"secret {key} belongs to nobody" for key in state.secrets if key[0] not in state.entities]
    for entity in state.entities.values():
        if isinstance(entity, Device):
            broken += [
                f"device {entity.id} has no {purpose} secret"
                for purpose in ("sip", "provisioning")
                if (entity.id, purpose) not in state.secrets
            ]
    return broken


def bindings_belong_to_devices(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Only a device that exists is registered, and once a contact."""
    broken = []
    for id_, bindings in state.bindings.items():
        device = state.get(Device, id_)
        if device is None:
            broken.append(f"device {id_} is gone and still registered")
        elif not bindings:
            broken.append(f"device {id_} has an empty set of bindings")
        if len({binding.contact for binding in bindings}) != len(bindings):
            broken.append(f"device {id_} is bound twice to one contact")
    return broken


def versions_are_their_callflows(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """A callflow lists its versions and they name it; one in service is complete, and no number leads to a draft."""
    broken = []
    for entity in state.entities.values():
        if isinstance(entity, Version):
            callflow = state.get(Callflow, entity.callflow)
            if callflow is None or entity.id not in callflow.versions:
                broken.append(f"version {entity.id} is in no callflow")
            if entity.draft and numbers_of(state, entity):
                broken.append(f"version {entity.id} is a draft and has a number")
            lenient = any(rule == "pbx.callflow.incomplete" for rule, _ in state.accounts[entity.account].policy)
            if not lenient and status(state, entity) == "ACTIVE" and entity.percent < 100:
                broken.append(f"version {entity.id} is ACTIVE at {entity.percent} %")
        elif isinstance(entity, Callflow):
            if not entity.versions or any(state.get(Version, id_) is None for id_ in entity.versions):
                broken.append(f"callflow {entity.id} has no version, or one that is gone")
            platform = platforms[_platform(state, entity)]
            if platform.callflow_needs_number and not _has_number(state, entity):
                broken.append(f"callflow {entity.id} has no number")
    return broken


def _has_number(state: State, callflow: Callflow) -> bool:
    version = newest(state, callflow)
    return bool(callflow.dialled) or (version is not None and bool(numbers_of(state, version)))


def _platform(state: State, entity: Entity) -> str:
    assert not isinstance(entity, Account)  # accounts have a table of their own
    return state.accounts[entity.account].platform


def messages_belong_to_mailboxes(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """A mailbox takes its messages along."""
    return [
        f"message {entity.id} is in mailbox {entity.mailbox}, which is gone"
        for entity in state.entities.values()
        if isinstance(entity, Message) and state.get(Mailbox, entity.mailbox) is None
    ]


def agents_are_members(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Only who is assigned to a queue takes its calls."""
    return [
        f"queue {entity.id} has agents who are no members"
        for entity in state.entities.values()
        if isinstance(entity, Queue) and not set(entity.agents) <= set(entity.members)
    ]


def jobs_are_their_rows(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """A job has a row for each place, and counts those who have had their turn; no row outlives its job."""
    broken, rows = [], [entity for entity in state.entities.values() if isinstance(entity, JobRow)]
    turns: dict[str, list[JobRow]] = {}
    for row in rows:
        turns.setdefault(row.job, []).append(row)
        if state.get(Job, row.job) is None:
            broken.append(f"row {row.id} belongs to no job")
    for job in state.entities.values():
        if isinstance(job, Job):
            mine = sorted(turns.get(job.id, ()), key=lambda row: row.place)
            said = [row.status != "waiting" for row in mine]
            if [row.place for row in mine] != list(range(1, job.size + 1)):
                broken.append(f"job {job.id} of {job.size} has other rows than that")
            elif said != [place <= job.at for place in range(1, job.size + 1)]:
                broken.append(f"job {job.id} is at {job.at}, and its rows are not")
            elif job.failed != sum(row.status == "failed" for row in mine):
                broken.append(f"job {job.id} miscounts its failures")
            elif (job.status == "done") != (job.at == job.size):
                broken.append(f"job {job.id} is {job.status} at {job.at} of {job.size}")
    return broken


def tags_are_the_platforms(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Only where the platform knows tags has anybody one."""
    return [
        f"user {entity.id} is tagged {entity.tag}"
        for entity in state.entities.values()
        if isinstance(entity, User) and entity.tag and not platforms[_platform(state, entity)].tags
    ]


def calls_go_on(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """A running call belongs to an account, has no record yet, and goes on by itself unless somebody talks."""
    broken = []
    for id_, call in state.calls.items():
        if call.id != id_ or call.account not in state.accounts or id_ in state.entities:
            broken.append(f"call {id_} is no running call of an account")
        if (call.due is None) != (type(call.stage) is Talking):
            broken.append(f"call {id_} is {call.phase} and is due at {call.due}")
        if call.legs and type(call.stage) not in (Ringing, Waiting):
            broken.append(f"call {id_} is {call.phase} and something rings")
        if (type(call.stage) is Talking) != (call.answered_by is not None):
            broken.append(f"call {id_} is {call.phase}, and answered by {call.answered_by}")
    return broken


def watchers_are_their_subscriptions(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Each subscription stands in the list of the one it watches, once, and nothing else does."""
    listed = [(user, call) for user, calls in state.watchers.items() for call in calls]
    begun = {(one.user, call) for call, one in state.subscriptions.items() if one.call == call}
    if len(listed) == len(set(listed)) and set(listed) == begun and len(begun) == len(state.subscriptions):
        return []
    return [f"watchers {sorted(listed)} are not the subscriptions {sorted(begun)}"]


def keys_are_their_devices(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """A BLF key is on a device that exists, which knows that it has had one of that number."""
    broken = []
    for entity in state.entities.values():
        if isinstance(entity, BlfKey):
            device = state.get(Device, entity.device)
            if device is None or device.last_key < entity.position:
                broken.append(f"BLF key {entity.id} is on no device, or on one that does not know of it")
    return broken


def names_are_kept_where_they_are(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """A directory that follows its users has no entries of its own."""
    return [
        f"directory entry {entity.id} is in a directory that keeps nothing"
        for entity in state.entities.values()
        if isinstance(entity, DirectoryEntry)
        and not kept(platforms[_platform(state, entity)], state.accounts[entity.account])
    ]


LAWS: tuple[Law, ...] = (
    keys_are_their_devices,
    names_are_kept_where_they_are,
    calls_go_on,
    watchers_are_their_subscriptions,
    jobs_are_their_rows,
    tags_are_the_platforms,
    agents_are_members,
    indexes_are_true,
    only_deletion_dangles,
    nodes_name_the_living,
    secrets_belong_to_somebody,
    bindings_belong_to_devices,
    messages_belong_to_mailboxes,
    versions_are_their_callflows,
)


def broken(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Everything that breaks a law, each with the law's name."""
    return [f"{law.__name__}: {what}" for law in LAWS for what in law(state, platforms)]
