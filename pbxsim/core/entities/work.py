"""What is written, asked for and done about users: mail, requests, jobs."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

RequestKind = Literal[
    "add-user", "delete-user", "add-device", "delete-device", "update-directory-entry", "update-blf-key", "other"
]
JobAction = Literal["reset", "recycle", "welcome-email", "force-password-reset"]
JobStatus = Literal["to-confirm", "running", "done", "cancelled"]


class Mail(Struct, frozen=True, gc=False):
    """An e-mail in the outbox of an account. `user` is whom it is about, '' for nobody: he may be gone by now.

    It is `waiting` until the outside has sent it or given up (`failed`, with the reason in `why`); where no mail server
    is configured it stays, for people and tests to read. Times in milliseconds since the epoch."""

    id: str
    account: str
    template: str
    to: str
    name: str
    subject: str
    body: str
    time: int
    user: str = ""
    status: Literal["waiting", "sent", "failed"] = "waiting"
    why: str = ""
    revision: int = 1


class Job(Struct, frozen=True, gc=False):
    """An action on many users, one at a time (N2 to N9): `size` rows, of which `at` have had their turn and `failed`
    went wrong. Its rows are entities of their own, so that a step costs a step; `by` is who began it, as `Actor` says
    it, and `role` the one that he had then, if he is a user."""

    id: str
    account: str
    action: JobAction
    size: int
    by: str
    since: int
    clear: tuple[str, ...] = ()
    welcome: bool = False
    at: int = 0
    failed: int = 0
    status: JobStatus = "to-confirm"
    revision: int = 1
    role: str = ""


class JobRow(Struct, frozen=True, gc=False):
    """One user's turn in a job. `title` is what he was called when it began; the names and the e-mail are those that he
    is to have (recycling)."""

    id: str
    account: str
    job: str
    place: int
    user: str
    title: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    status: Literal["waiting", "done", "failed"] = "waiting"
    warning: str = ""
    why: str = ""
    revision: int = 1


class Request(Struct, frozen=True, gc=False):
    """Something that a customer asks of the service desk (C6). `wanted` are the fields of the command it asks for, as
    JSON; `by` is who asked (a user's id, who may be gone by now), `result` what was made of it."""

    id: str
    account: str
    kind: RequestKind
    title: str
    by: str
    since: int
    wanted: str = "{}"
    text: str = ""
    status: Literal["open", "fulfilled", "rejected"] = "open"
    answer: str = ""
    result: str = ""
    revision: int = 1
