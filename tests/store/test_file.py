"""Files that can be used and files that cannot: whoever is refused finds his as it was, and is told why."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import aclosing, closing

import pytest

from device_emulator import models
from pbxsim.store import Damaged, FileRefused, Group, Journal, Locked, Newer, NotOurs, schema
from pbxsim.store.file import refusal
from pbxsim.world.state import Network


@pytest.fixture
def path(tmp_path):
    return tmp_path / "main.db"


@pytest.fixture
async def written(path, office, header_of):
    """A file with an office in it, closed in order."""
    await _write(path, office.state, header_of)
    return path


async def _write(path, state, header_of):
    async with aclosing(await Journal.open(path)) as journal:
        await journal.write(Group(header_of(state), state))


async def _refused(path, error):
    """Opening it is refused, it stays as it was, and nothing is left beside it. The message."""
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    with pytest.raises(error) as caught:
        await _read(path)
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside
    assert str(path) in str(caught.value), "the file is named"
    return str(caught.value)


async def _read(path):
    async with aclosing(await Journal.open(path)) as journal:
        return await journal.read()


async def test_a_new_file_is_ours_alone_and_empty(path):
    async with aclosing(await Journal.open(path)) as journal:
        assert await journal.read() is None
        assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}
    assert list(path.parent.iterdir()) == [path], "closed, it is one file"


async def test_a_file_that_others_could_read_is_closed_to_them(written):
    written.chmod(0o644)
    assert await _read(written)
    assert written.stat().st_mode & 0o777 == 0o600


async def test_each_commit_is_durable(path):
    async with aclosing(await Journal.open(path)) as journal:
        for pragma, value in {"journal_mode": "wal", "synchronous": 2, "locking_mode": "exclusive"}.items():
            rows = await journal._db.execute_fetchall(f"PRAGMA {pragma}")
            assert list(rows) == [(value,)]


async def test_a_newer_file_is_refused_and_its_version_named(written):
    with closing(sqlite3.connect(written)) as db:
        db.execute("PRAGMA user_version = 7")
        db.commit()
    said = await _refused(written, Newer)
    assert "version 7" in said
    assert "Upgrade" in said


async def test_a_newer_file_whose_server_crashed_keeps_its_log(written, tmp_path):
    with closing(sqlite3.connect(written)) as db:
        db.execute("PRAGMA user_version = 7")
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("INSERT INTO kept VALUES ('token', 'a', 'b')")
        db.commit()
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for name in ("main.db", "main.db-wal"):
            (crashed / name).write_bytes((tmp_path / name).read_bytes())
    copy, log = crashed / "main.db", crashed / "main.db-wal"
    before = copy.read_bytes(), log.read_bytes()
    assert before[1]
    with pytest.raises(Newer):
        await Journal.open(copy)
    assert (copy.read_bytes(), log.read_bytes()) == before


@pytest.mark.parametrize("body", [b"Dear diary,\n", b"\0" * 4096, b"SQLite format 3\0 is how it begins, and no more"])
async def test_what_is_no_database_is_refused(path, body):
    path.write_bytes(body)
    await _refused(path, FileRefused)


async def test_another_programs_database_is_refused(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE entity (id)")
        db.commit()
    assert "another program" in await _refused(path, NotOurs)


async def test_a_torn_page_is_refused(written):
    body = bytearray(written.read_bytes())
    body[4096 * 3 : 4096 * 4] = os.urandom(4096)
    written.write_bytes(body)
    assert "damaged" in await _refused(written, Damaged)


async def test_a_file_cut_short_is_refused(written):
    written.write_bytes(written.read_bytes()[: 4096 * 4])
    await _refused(written, Damaged)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE entity SET body = '{' WHERE id = 'u1'", "table entity, row 'u1'"),
        ("UPDATE entity SET kind = 'fax' WHERE id = 'u1'", "no kind 'fax'"),
        ("UPDATE phone SET model = 'toaster'", "table phone, row '00085d112244'"),
        ("UPDATE binding SET body = '[]'", "table binding"),
        ("UPDATE history SET detail = '{}' WHERE number = 3", "table history, row 3"),
        ("UPDATE world SET body = '{}'", "key"),
    ],
)
async def test_a_row_that_says_nothing_is_named(written, statement, where):
    with closing(sqlite3.connect(written)) as db:
        db.execute(statement)
        db.commit()
    assert where in await _refused(written, Damaged)


async def test_a_file_that_another_server_has_open_is_refused(written):
    holder = """if True:
        import asyncio, pathlib, sys
        from pbxsim.store import Journal
        async def hold():
            journal = await Journal.open(pathlib.Path(sys.argv[1]))
            print("open", flush=True)
            await asyncio.to_thread(sys.stdin.read)
            await journal.aclose()
        asyncio.run(hold())
    """
    command = [sys.executable, "-c", holder, str(written)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline() == "open\n"
        with pytest.raises(Locked, match="in use by another server"):
            await Journal.open(written)
        server.stdin.close()
    assert server.returncode == 0
    assert await _read(written), "and when that one has ended, it can be opened"


async def test_two_in_one_process_are_two_servers(path):
    async with aclosing(await Journal.open(path)):
        with pytest.raises(Locked):
            await Journal.open(path)


async def test_a_place_where_no_file_can_be_is_named(tmp_path):
    with pytest.raises(FileRefused, match="No such file or directory"):
        await Journal.open(tmp_path / "missing" / "main.db")
    with pytest.raises(FileRefused, match="cannot be used"):
        await Journal.open(tmp_path)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("SQLITE_FULL", "Make room"),
        ("SQLITE_READONLY_DIRECTORY", "right to write"),
        ("SQLITE_CANTOPEN", "right to write to its folder"),
        ("SQLITE_IOERR_FSYNC", "Its disk fails"),
    ],
)
def test_whatever_the_disk_says_is_told_with_what_to_do(path, name, says):
    error = sqlite3.OperationalError("no")
    error.sqlite_errorname = name
    told = str(refusal(path, error))
    assert told.startswith(f"{path} cannot be used: no. ")
    assert says in told


async def test_a_file_that_cannot_grow_is_full_and_as_before(written, office, header_of):
    async with aclosing(await Journal.open(written)) as journal:
        (pages,) = (await journal._db.execute_fetchall("PRAGMA page_count"))[0]
        await journal._db.execute_fetchall(f"PRAGMA max_page_count = {pages}")
        before = (await journal.read()).state
        for number in range(40):
            office.accounts["globex"].users.add(str(2000 + number), first_name="x" * 100)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            await journal.write(Group(header_of(office.state), office.state))
        assert (await journal.read()).state.pbx == before.pbx
        await journal._db.execute_fetchall("PRAGMA max_page_count = 100000")
        await journal.write(Group(header_of(office.state), office.state))
        assert (await journal.read()).state.recorded == office.state.recorded


@pytest.mark.parametrize("version", range(1, schema.VERSION + 1))
def test_a_file_of_any_version_is_the_first_and_its_migrations(version):
    """What is created anew and what has been migrated has the same tables."""
    with closing(sqlite3.connect(":memory:")) as new, closing(sqlite3.connect(":memory:")) as old:
        schema.create(new)
        schema.create(old, version)
        assert old.execute("PRAGMA user_version").fetchone() == (version,)
        schema.migrate(old, version)
        tables = [db.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall() for db in (new, old)]
        assert tables[0] == tables[1]


# --- Migrations: version 1 has none, so one is made up ------------------------------------------------------------


def _shout(db: sqlite3.Connection) -> None:
    db.execute("UPDATE entity SET body = replace(body, 'Ann', 'ANN') WHERE kind = 'user'")


def _break(db: sqlite3.Connection) -> None:
    _shout(db)
    db.execute("UPDATE entity SET body = '' WHERE kind = 'queue'")


def test_every_older_version_has_a_migration():
    assert sorted(schema.MIGRATIONS) == list(range(1, schema.VERSION))


async def test_an_older_file_is_migrated_step_by_step(written, monkeypatch):
    steps, present = [], schema.VERSION
    later = {present: _shout, present + 1: lambda db: steps.append("two")}
    monkeypatch.setattr(schema, "VERSION", present + 2)
    monkeypatch.setattr(schema, "MIGRATIONS", {**schema.MIGRATIONS, **later})
    saved = await _read(written)
    names = {entity.first_name for entity in saved.state.pbx.entities.values() if hasattr(entity, "first_name")}
    assert "ANN" in names
    assert steps == ["two"]
    assert (await _read(written)).state.pbx == saved.state.pbx
    assert steps == ["two"], "once"
    monkeypatch.setattr(schema, "VERSION", present)
    assert f"version {present + 2}" in await _refused(written, Newer)


async def test_a_migration_that_fails_or_makes_no_world_has_not_happened(written, monkeypatch):
    before = (await _read(written)).state.pbx
    present = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", present + 1)
    monkeypatch.setattr(schema, "MIGRATIONS", {present: _break})
    with pytest.raises(Damaged):
        await Journal.open(written)
    monkeypatch.setattr(schema, "MIGRATIONS", {present: lambda db: db.execute("SELECT nonsense")})
    with pytest.raises(FileRefused):
        await Journal.open(written)
    monkeypatch.undo()
    assert (await _read(written)).state.pbx == before


async def test_a_file_of_version_1_knew_no_network_and_one_firmware_a_model(written):
    before = (await _read(written)).state
    with closing(sqlite3.connect(written)) as db, db:
        db.execute("ALTER TABLE phone DROP COLUMN hardware")
        db.execute("DROP TABLE network")
        db.execute("PRAGMA user_version = 1")
    after = (await _read(written)).state
    assert after.pbx == before.pbx
    assert set(after.phones) == set(before.phones)
    assert all(phone.model == models.find(phone.model.name) for phone in after.phones.values())
    assert after.network == Network()
