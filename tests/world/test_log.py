"""History as a value, against a plain dict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxsim.core.state import Event
from pbxsim.world.log import CHUNK, Log, Record
from tests.law import law


def record(number: int) -> Record:
    return Record(number, number, "operator", Event("x", "acme", f"u{number}"))


@law(60)
@given(st.integers(0, 5 * CHUNK), st.integers(1, 3 * CHUNK), st.integers(0, 200))
def test_reads_as_a_dict_of_its_newest_records(count: int, limit: int, more: int) -> None:
    log, plain = Log(), {}
    for number in range(1, count + 1):
        log = log.append(record(number), limit)
        plain[number] = record(number)
        plain.pop(number - limit, None)
    assert dict(log) == plain
    assert len(log) == len(plain)
    again = Log.of(plain)
    assert again == log
    for number in range(count + 1, count + more + 1):  # a log that was read back goes on as the other does
        log, again = log.append(record(number), limit), again.append(record(number), limit)
    assert dict(again) == dict(log)


def test_what_was_is_still_there_and_what_is_forgotten_is_not() -> None:
    log = Log()
    versions = [log := log.append(record(number), 10) for number in range(1, 3 * CHUNK)]
    assert [len(version) for version in versions[:12]] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]
    assert list(versions[CHUNK]) == list(range(CHUNK - 8, CHUNK + 2))
    for number in (0, -1, log.first - 1, log.last + 1):
        with pytest.raises(KeyError):
            log[number]
