"""What is written, asked for and done about users: the outbox, requests, jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.rules.jobs import row_id
from pbxsim.facade.collections import Collection
from pbxsim.facade.handles import Handle

if TYPE_CHECKING:
    from pbxsim.facade.users import User


class Mail(Handle):
    """An e-mail in the outbox."""

    __slots__ = ()
    type = e.Mail

    def _shown(self) -> str:
        return f"to {self.to}: {self.subject}"


class Outbox(Collection[Mail]):
    """What the PBX has written to people, oldest first."""

    handle = Mail


class Job(Handle):
    """An action on many users, a user a step."""

    __slots__ = ()
    type = e.Job

    @property
    def rows(self) -> list[e.JobRow]:
        """One for each user: waiting, done, or failed and why; in the order of their turns."""
        job, pbx = self.snapshot(), self._view.world.pbx
        return [pbx.the(e.JobRow, row_id(job, place)) for place in range(1, job.size + 1)]

    def _shown(self) -> str:
        return f"{self.action}, {self.status}, {self.at} of {self.size}"


class Jobs(Collection[Job]):
    """What is done to many users at once, oldest first. `users.bulk` does it all."""

    handle = Job

    def start(self, action: str, users: Iterable[User | str] | User | str, **fields: Any) -> Job:
        """Choose; the job shows who and what, and waits to be confirmed (N6)."""
        chosen = (users,) if isinstance(users, str | Handle) else tuple(users)  # one is a list of one
        given = {"account": self._account, "action": action, "users": chosen, **fields}
        return self._handle(self._view.ask(c.StartJob, given))

    def confirm(self, job: Job | str) -> None:
        """From here on it runs."""
        self._on(c.ConfirmJob, job)

    def cancel(self, job: Job | str) -> None:
        """Nothing more of it happens."""
        self._on(c.CancelJob, job)

    def step(self, job: Job | str) -> None:
        """The next user's turn."""
        self._on(c.StepJob, job)


class Request(Handle):
    """Something asked of the service desk."""

    __slots__ = ()
    type = e.Request


class Requests(Collection[Request]):
    """`requests.add("add-user", wanted={"extension": "1005", "first_name": "Ann"})`, oldest first."""

    handle, adds = Request, c.AddRequest
    positional = ("kind",)

    def fulfil(self, request: Request | str, answer: str = "") -> None:
        """The service desk does what is wanted. Refused by whatever rule refuses that."""
        self._on(c.FulfilRequest, request, answer=answer)

    def reject(self, request: Request | str, answer: str) -> None:
        """The service desk says why not."""
        self._on(c.RejectRequest, request, answer=answer)
