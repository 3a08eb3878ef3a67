"""Users over HTTP: what comes with one, J2's refusal field by field, logins and apps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import ACME, Api

JOHN = f"{ACME}/users/1002"


async def test_a_user_is_added_read_renamed_and_deleted(api: Api) -> None:
    made = await api.post(f"{ACME}/users", {"extension": "1003", "first_name": "Mary", "email": "mary@acme.example"})
    assert made == 201, made
    mary = made.json
    assert mary == {
        "id": mary["id"],
        "account": "acme",
        "extension": "1003",
        "name": "Mary",
        "first_name": "Mary",
        "last_name": "",
        "email": "mary@acme.example",
        "role": "user",
        "revision": 1,
    }
    assert made.headers["Location"] == f"/api/v1{ACME}/users/{mary['id']}"
    assert made.headers["ETag"] == '"1"'
    renamed = await api.patch(f"{ACME}/users/1003", {"last_name": "Poe", "email": None})
    assert renamed == 200, renamed
    assert (renamed["name"], renamed["email"], renamed["first_name"]) == ("Mary Poe", "", "Mary")
    assert renamed.headers["ETag"] == '"2"'
    assert await api.get(f"{ACME}/users/{mary['id']}") == 200
    gone = await api.delete(f"{ACME}/users/1003")
    assert (gone, gone.body) == (204, b"")
    assert await api.get(f"{ACME}/users/1003") == 404
