"""What stands where: one row for each kind of key that a change of the world touches, in both directions.

`row` gives what belongs under a touched key now, None if nothing does any more; `keys` every key of a state, for
writing it whole; `read` takes a row back. What is on disk under a key depends on the state alone, so that a key may be
written twice, late, or together with others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import Any

from immutables import Map
from msgspec import Struct, structs

from device_emulator import models
from device_emulator.messages import Place
from device_emulator.phone import Phone
from device_emulator.phone import new as new_phone
from pbxsim.core.entities import Account, Binding, Entity
from pbxsim.core.state import NOTHING, Event
from pbxsim.store import codec
from pbxsim.store.codec import Hardware
from pbxsim.world.state import Network, Record, WorldState

Row = tuple[Any, ...]


class Rows:
    """What has been read from a file, before it is a state."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.entities: dict[str, Entity] = {}
        self.secrets: dict[tuple[str, str], str] = {}
        self.bindings: dict[str, tuple[Binding, ...]] = {}
        self.files: dict[str, Map[str, bytes]] = {}
        self.phones: dict[str, Phone] = {}
        self.plugged: list[str] = []
        self.network = Network()
        self.history: dict[int, Record] = {}


class Table(Struct, frozen=True, eq=False):
    """`columns` begin with the key's, `width` of them."""

    columns: tuple[str, ...]
    width: int
    row: Callable[[WorldState, Any], Row | None]
    keys: Callable[[WorldState], Iterable[Any]]
    read: Callable[[Rows, Row], None]


# --- To and from rows --------------------------------------------------------------------------------------------


def _account(state: WorldState, id_: str) -> Row | None:
    account = state.pbx.accounts.get(id_)
    return None if account is None else (id_, codec.text(account))


def _read_account(rows: Rows, row: Row) -> None:
    rows.accounts[row[0]] = codec.entity("account", row[1])


def _entity(state: WorldState, id_: str) -> Row | None:
    entity = state.pbx.entities.get(id_)
    return None if entity is None else (id_, codec.tag(entity), codec.text(entity))


def _read_entity(rows: Rows, row: Row) -> None:
    rows.entities[row[0]] = codec.entity(row[1], row[2])


def _secret(state: WorldState, key: tuple[str, str]) -> Row | None:
    value = state.pbx.secrets.get(key)
    return None if value is None else (*key, value)


def _read_secret(rows: Rows, row: Row) -> None:
    rows.secrets[row[0], row[1]] = row[2]


def _binding(state: WorldState, device: str) -> Row | None:
    bindings = state.pbx.bindings.get(device)
    return None if bindings is None else (device, codec.text(bindings))


def _read_binding(rows: Rows, row: Row) -> None:
    rows.bindings[row[0]] = codec.bindings(row[1])


def _file(state: WorldState, key: tuple[str, str]) -> Row | None:
    body = state.files.get(key[0], NOTHING).get(key[1])
    return None if body is None else (*key, body)


def _files(state: WorldState) -> Iterator[tuple[str, str]]:
    return ((device, name) for device, names in state.files.items() for name in names)


def _read_file(rows: Rows, row: Row) -> None:
    rows.files[row[0]] = rows.files.get(row[0], NOTHING).set(row[1], row[2])


def _phone(state: WorldState, mac: str) -> Row | None:
    phone = state.phones.get(mac)
    if phone is None or phone.place.address:  # a clone is a fault, and no fault is durable
        return None
    hardware = Hardware(phone.model.version, phone.model.knobs, phone.place.offers, phone.place.connected)
    return (mac, phone.model.name, int(phone.powered), codec.text(phone.flash), codec.text(hardware))


def _read_phone(rows: Rows, row: Row) -> None:
    mac, name, plugged, flash, body = row
    hardware = codec.hardware(body)
    model = models.find(name)
    model = structs.replace(model, version=hardware.version or model.version, knobs=hardware.knobs)
    place = Place(hardware.offers, connected=hardware.connected)
    rows.phones[mac] = structs.replace(new_phone(model, mac), flash=codec.flash(flash), place=place)
    if plugged:
        rows.plugged.append(mac)


def _network(state: WorldState, name: str) -> Row | None:
    """The offers under `offers`, each redirect under its MAC."""
    network = state.network
    if name == "offers":
        return (name, codec.text(network.offers)) if network.offers else None
    redirect = network.redirects.get(name)
    return None if redirect is None else (name, codec.text(redirect))


def _read_network(rows: Rows, row: Row) -> None:
    name, body = row
    if name == "offers":
        rows.network = structs.replace(rows.network, offers=codec.offers(body))
    else:
        redirects = rows.network.redirects.set(name, codec.redirect(body))
        rows.network = structs.replace(rows.network, redirects=redirects)


TABLES: dict[str, Table] = {
    "account": Table(("id", "body"), 1, _account, lambda state: state.pbx.accounts, _read_account),
    "entity": Table(("id", "kind", "body"), 1, _entity, lambda state: state.pbx.entities, _read_entity),
    "secret": Table(("id", "purpose", "value"), 2, _secret, lambda state: state.pbx.secrets, _read_secret),
    "binding": Table(("device", "body"), 1, _binding, lambda state: state.pbx.bindings, _read_binding),
    "file": Table(("device", "name", "body"), 2, _file, _files, _read_file),
    "phone": Table(
        ("mac", "model", "plugged", "flash", "hardware"), 1, _phone, lambda state: state.phones, _read_phone
    ),
    "network": Table(("name", "body"), 1, _network, lambda state: ("offers", *state.network.redirects), _read_network),
}

HISTORY = ("number", "time", "actor", "kind", "account", "subject", "detail")


def record_row(record: Record) -> Row:
    """An event of the history, as it stands in its table."""
    event = record.event
    what = (event.kind, event.account, event.subject, codec.text(event.detail))
    return (record.number, record.time, record.actor, *what)


def read_record(rows: Rows, row: Row) -> None:
    """Take an event of the history back."""
    number, time, actor, kind, account, subject, detail = row
    rows.history[number] = Record(number, time, actor, Event(kind, account, subject, codec.detail(detail)))


# --- SQL, made of the rows above ---------------------------------------------------------------------------------


def _upsert(name: str, columns: tuple[str, ...]) -> str:
    return f"INSERT OR REPLACE INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


_UPSERT = {name: _upsert(name, table.columns) for name, table in TABLES.items()}
_DELETE = {
    name: f"DELETE FROM {name} WHERE {' AND '.join(f'{column} = ?' for column in table.columns[: table.width])}"
    for name, table in TABLES.items()
}
_APPEND = _upsert("history", HISTORY)


def write(db: sqlite3.Connection, state: WorldState, touched: Iterable[tuple[str, Any]]) -> None:
    """Bring the rows of these keys up to the state."""
    by_table: dict[str, list[Any]] = {}
    for name, key in touched:
        by_table.setdefault(name, []).append(key)
    for name, keys in by_table.items():
        table = TABLES[name]
        found = [(key, table.row(state, key)) for key in keys]
        gone = [key if table.width > 1 else (key,) for key, row in found if row is None]
        if gone:
            db.executemany(_DELETE[name], gone)
        db.executemany(_UPSERT[name], [row for _, row in found if row is not None])


def append(db: sqlite3.Connection, state: WorldState, after: int) -> None:
    """Add the events whose number is above `after`; of more than the world remembers, those that it remembers."""
    first = max(after, state.recorded - len(state.history)) + 1
    db.executemany(_APPEND, [record_row(state.history[number]) for number in range(first, state.recorded + 1)])


def write_whole(db: sqlite3.Connection, state: WorldState) -> None:
    """Make the file say this state and nothing else."""
    for name in (*TABLES, "history"):
        db.execute(f"DELETE FROM {name}")
    for name, table in TABLES.items():
        write(db, state, ((name, key) for key in sorted(table.keys(state))))
    append(db, state, 0)


def rows(state: WorldState) -> Iterator[tuple[str, Row]]:
    """Every row of a state, table by table, in the order of the keys; the history at the end."""
    for name, table in TABLES.items():
        for key in _in_order(table.keys(state)):
            row = table.row(state, key)
            if row is not None:
                yield name, row
    for record in state.history.values():
        yield "history", record_row(record)


def _in_order(keys: Iterable[Any]) -> Iterator[Any]:
    """Sorted, a few thousand at a time: to sort all of them at one go would stop everything else in this process."""
    left = iter(keys)
    parts = []
    while part := sorted(islice(left, PART)):
        parts.append(part)
    return merge(*parts)


PART = 4096


def stored(db: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
    """Every row that is in a file, in the same order."""
    for name, table in TABLES.items():
        for row in db.execute(_select(name, table)):
            yield name, row
    for row in db.execute(f"SELECT {', '.join(HISTORY)} FROM history ORDER BY number"):
        yield "history", row


def _select(name: str, table: Table) -> str:
    return f"SELECT {', '.join(table.columns)} FROM {name} ORDER BY {', '.join(table.columns[: table.width])}"


def read(db: sqlite3.Connection, history_limit: int) -> Rows:
    """Everything that is in the file; of the history the newest."""
    rows = Rows()
    for name, table in TABLES.items():
        _read_all(name, table.read, rows, db.execute(_select(name, table)))
    newest = f"SELECT {', '.join(HISTORY)} FROM history ORDER BY number DESC LIMIT ?"
    _read_all("history", read_record, rows, db.execute(newest, (history_limit,)))
    return rows


def _read_all(name: str, read: Callable[[Rows, Row], None], rows: Rows, found: sqlite3.Cursor) -> None:
    row: Row = ("",)
    try:
        for row in found:
            read(rows, row)
    except (ValueError, LookupError) as error:  # msgspec's errors are ValueErrors
        raise ValueError(f"table {name}, row {row[0]!r}: {error}") from error
    finally:
        found.close()  # a traceback that holds it would keep the file open
