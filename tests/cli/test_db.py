"""`pbxsim db`: copies, checks and descriptions of a file, while its server runs and when it does not."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import threading
from contextlib import aclosing, closing

import pytest
from typer.testing import CliRunner

from pbxsim import World
from pbxsim.cli import app
from pbxsim.store import FileRefused, Group, Header, Journal, copying, examine
from tests.store.conftest import furnish
from tests.store.served import Served, Writer


def run(*words):
    return CliRunner().invoke(app, ["db", *map(str, words)])


async def write(path):
    world = World(seed=3)
    furnish(world)
    state = world.state
    async with aclosing(await Journal.open(path)) as journal:
        await journal.write(Group(Header("ab" * 32, state.now, state.last_id, state.recorded), state))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "main.sqlite3"
    asyncio.run(write(path))
    return path


def do(file, *statements):
    with closing(sqlite3.connect(file)) as db, db:
        for statement in statements:
            assert db.execute(statement).rowcount != 0, statement


def test_a_sound_file(file):
    before, beside = file.read_bytes(), sorted(file.parent.iterdir())
    done = run("check", file)
    assert (done.exit_code, "is sound" in done.output) == (0, True), done.output
    told = json.loads(run("check", file, "--json").output)
    assert told == {"file": str(file), "sound": True, "findings": []}
    info = json.loads(run("info", file, "--json").output)
    assert (info["version"], info["current"], info["held"]) == (2, True, False)
    assert info["counts"] | {"account": 4, "phone": 3} == info["counts"]
    assert info["events"]["last"] == info["events"]["count"]
    text = run("info", file)
    assert text.exit_code == 0
    assert "no server has it open" in text.output
    with closing(sqlite3.connect(file)) as db:
        secrets = [value for (value,) in db.execute("SELECT value FROM secret")]
    assert not [secret for secret in (*secrets, "ab" * 32) if secret in text.output], "no secret is shown"
    assert (file.read_bytes(), sorted(file.parent.iterdir())) == (before, beside), "and nothing was touched"


@pytest.mark.parametrize(
    ("statement", "law"),
    [
        ("DELETE FROM secret WHERE purpose = 'sip'", "secrets_belong_to_somebody"),
        ("INSERT INTO secret VALUES ('u999', 'password', 'x')", "secrets_belong_to_somebody"),
        ("INSERT INTO binding SELECT 'd999', body FROM binding LIMIT 1", "bindings_belong_to_devices"),
        ("UPDATE file SET device = 'd999'", "files_belong_to_devices"),
        ("DELETE FROM entity WHERE kind = 'version'", "versions_are_their_callflows"),
        ("DELETE FROM entity WHERE kind = 'mailbox'", "messages_belong_to_mailboxes"),
        ("DELETE FROM account WHERE id = 'acme'", "entities_have_accounts"),
        ("DELETE FROM history WHERE number = 4", "history_has_no_gaps"),
        ("UPDATE world SET body = json_set(body, '$.recorded', 1)", "history_has_no_gaps"),
        ("UPDATE world SET body = json_set(body, '$.last_id', 1)", "ids_are_given_once"),
        ("UPDATE account SET body = json_set(body, '$.platform', 'fax')", "platforms_are_known"),
        ("UPDATE entity SET body = '{' WHERE kind = 'user'", "every_row_can_be_read"),
        ("UPDATE phone SET model = 'toaster'", "every_row_can_be_read"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(file, statement, law):
    do(file, statement)
    before = file.read_bytes()
    done = run("check", file)
    assert done.exit_code == 1, done.output
    assert law in done.output
    findings = json.loads(run("check", file, "--json").output)["findings"]
    assert findings
    assert all(finding["do"] for finding in findings)
    assert file.read_bytes() == before


def test_a_torn_page_is_a_finding(file):
    body = bytearray(file.read_bytes())
    body[4096 * 3 : 4096 * 4] = os.urandom(4096)
    file.write_bytes(body)
    done = run("check", file)
    assert (done.exit_code, "the_file_is_whole" in done.output) == (1, True), done.output
    copy = file.with_name("copy")
    assert run("backup", file, copy).exit_code == 2, "and no back-up is made of it"
    assert not copy.exists()


@pytest.mark.parametrize("command", ["check", "info", "backup"])
def test_files_that_cannot_be_examined(file, tmp_path, command):
    more = [tmp_path / "copy"] if command == "backup" else []
    diary, other = tmp_path / "diary", tmp_path / "other"
    diary.write_text("Dear diary")
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE entity (id)")
        db.commit()
    newer = tmp_path / "newer"
    newer.write_bytes(file.read_bytes())
    do(newer, "PRAGMA user_version = 9")
    none = tmp_path / "none"
    for path, why in ((diary, "no SQLite"), (other, "another program"), (newer, "Upgrade"), (none, "No such")):
        done = run(command, path, *more)
        assert (done.exit_code, why in done.output, str(path) in done.output) == (2, True, True), done.output
    assert not (tmp_path / "copy").exists()
    assert not list(tmp_path.glob(".copy*"))


def test_an_older_file_is_checked_as_a_server_would_read_it(file):
    do(file, "ALTER TABLE phone DROP COLUMN hardware", "DROP TABLE network", "PRAGMA user_version = 1")
    done = run("check", file)
    assert done.exit_code == 0, done.output
    assert "migrate" in run("info", file).output
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_backup_is_a_whole_world(file, tmp_path):
    copy = tmp_path / "monday.sqlite3"
    done = run("backup", file, copy)
    assert done.exit_code == 0, done.output
    assert copy.stat().st_mode & 0o777 == 0o600
    assert run("check", copy).exit_code == 0
    again = run("backup", file, copy)
    assert (again.exit_code, "is there already" in again.output) == (2, True)
    assert run("backup", file, tmp_path).exit_code == 0
    assert list(tmp_path.glob("main-2*Z.sqlite3"))
    assert run("backup", file, tmp_path / "no" / "folder").exit_code == 2


def test_a_backup_of_a_running_server_has_what_was_acknowledged(tmp_path):
    """Under load: everything that was acknowledged before it began is in it, and every law holds."""
    file = tmp_path / "main.sqlite3"
    served = Served(file)
    served.ready()
    status, said = served.ask("POST", "/api/v1/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})
    assert status == 201, said
    stop, writers = threading.Event(), [Writer(number, number) for number in range(3)]
    threads = [threading.Thread(target=writer.run, args=(served, stop)) for writer in writers]
    for thread in threads:
        thread.start()
    for number in range(3):
        extension = str(90_000 + number)
        assert served.ask("POST", "/api/v1/accounts/acme/users", {"extension": extension})[0] == 201
        copy = tmp_path / f"copy{number}"
        done = run("backup", file, copy)
        assert done.exit_code == 0, done.output
        assert examine.check(copy) == []
        with closing(sqlite3.connect(copy)) as db:
            found = db.execute("SELECT count(*) FROM entity WHERE body ->> 'extension' = ?", (extension,)).fetchone()
        assert found == (1,)
    assert run("check", file).exit_code == 0
    assert json.loads(run("info", file, "--json").output)["held"]
    stop.set()
    for thread in threads:
        thread.join()
    assert not any(writer.wrong for writer in writers)
    assert served.stop() == 0
    again = Served(tmp_path / "copy2")
    again.ready()
    again.kill()


def test_a_file_that_never_stands_still_is_said_to_be_busy(file, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "TRIES", 3)
    states = iter(range(1000))
    monkeypatch.setattr(copying, "_state", lambda source: (next(states), 0, b""))
    with pytest.raises(FileRefused, match="without a pause"):
        copying.back_up(file, tmp_path / "copy")
    assert not list(tmp_path.glob("*copy*"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever is root may write anywhere")
def test_a_folder_that_nobody_may_write_to(file):
    folder = file.parent
    folder.chmod(0o500)
    try:
        done = run("backup", file, folder / "copy")
        assert (done.exit_code, "Permission denied" in done.output) == (2, True)
        with pytest.raises(FileRefused, match=r"readonly|unable to open"):
            asyncio.run(Journal.open(file))
    finally:
        folder.chmod(0o700)


def test_the_help_names_all(file):
    done = CliRunner().invoke(app, ["db", "--help"])
    assert re.search("backup.*check.*info", done.output, re.DOTALL)
