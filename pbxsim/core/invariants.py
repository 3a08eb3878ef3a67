"""Laws that hold in every state, as named functions: tests, the test kit and the debug mode run the same ones.

Each takes a state and returns what breaks it, [] if it holds. Where `state.py` keeps an index by small steps, the law
makes it anew from the entities, on another road.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbxsim.core.entities import NOUNS, Account, Callflow, Device, Entity, Queue, User, Version
from pbxsim.core.nodes import Dial, RingGroup, walk
from pbxsim.core.platform import Platform
from pbxsim.core.state import State, order_item, place_of, references_of, unique_keys
from pbxsim.core.status import newest, numbers_of, status

Law = Callable[[State, Mapping[str, Platform]], list[str]]


def indexes_are_true(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Unique keys, references and order are what the entities say."""
    unique: dict[object, str] = {}
    references: dict[str, set[str]] = {}
    order: dict[object, list[str]] = {}
    for entity in [*state.accounts.values(), *state.entities.values()]:
        for key in unique_keys(entity):
            unique[key] = entity.id
        for target in references_of(entity):
            references.setdefault(target, set()).add(entity.id)
        order.setdefault(place_of(entity), []).append(order_item(entity))
    broken = []
    if unique != dict(state.unique):
        broken.append("the unique keys are not those of the entities")
    if references != {target: set(sources) for target, sources in state.references.items()}:
        broken.append("the references are not those of the entities")
    kept = {place: list(index) for place, index in state.order.items()}
    if {place: sorted(items) for place, items in order.items()} != kept:
        broken.append("the lists are not those of the entities")
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
            if status(state, entity) == "ACTIVE" and entity.percent < 100:
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


def agents_are_members(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Only who is assigned to a queue takes its calls."""
    return [
        f"queue {entity.id} has agents who are no members"
        for entity in state.entities.values()
        if isinstance(entity, Queue) and not set(entity.agents) <= set(entity.members)
    ]


LAWS: tuple[Law, ...] = (
    agents_are_members,
    indexes_are_true,
    only_deletion_dangles,
    nodes_name_the_living,
    secrets_belong_to_somebody,
    bindings_belong_to_devices,
    versions_are_their_callflows,
)


def broken(state: State, platforms: Mapping[str, Platform]) -> list[str]:
    """Everything that breaks a law, each with the law's name."""
    return [f"{law.__name__}: {what}" for law in LAWS for what in law(state, platforms)]
