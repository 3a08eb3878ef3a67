"""Jobs: something done to many users, a user a step. The server carries them out; here they are begun and watched."""

from __future__ import annotations

from msgspec import Struct

from pbxsim.core.commands import CancelJob, ConfirmJob, StartJob
from pbxsim.core.entities import Job, JobRow
from pbxsim.core.rules.common import path
from pbxsim.core.rules.jobs import row_id
from pbxsim.server import bodies, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.world import World

JOBS = "/accounts/{account}/jobs"
ROUTES = (
    ("POST", "/accounts/{account}/users/bulk", "bulk", StartJob),
    ("GET", JOBS, "items"),
    ("GET", JOBS + "/{job}", "job"),
    ("POST", JOBS + "/{job}/confirm", "confirm", ConfirmJob),
    ("POST", JOBS + "/{job}/cancel", "act", CancelJob),
)


class _Confirmation(Struct, frozen=True):
    confirm: bool = True


async def bulk(call: Call) -> Answer:
    """202 and the job. `"confirm": false` leaves it to be confirmed."""
    body = await call.body()
    confirmed = bodies.read(_Confirmation, {name: value for name, value in body.items() if name == "confirm"}).confirm
    rest = {name: value for name, value in body.items() if name != "confirm"}
    values = bodies.values(StartJob, rest, {"account": call.account.id})

    def begin(world: World) -> str:
        seen = world.acting_as(call.actor)
        id_ = seen.ask(StartJob, values)
        if confirmed:
            seen.ask(ConfirmJob, {"job": id_})
        return id_

    return await call.work(begin, lambda id_: _accepted(call, id_))


async def confirm(call: Call) -> Answer:
    """202: from here on it runs."""
    subject = call.named("job")
    values = bodies.values(ConfirmJob, await call.body(), {"job": subject.id})
    return await call.ask(values, lambda id_: _accepted(call, id_), subject)


async def job(call: Call) -> Answer:
    """How far it is, with a row for each user."""
    found = call.named("job")
    rows = [views.job_row(call.state.the(JobRow, row_id(found, place))) for place in range(1, found.size + 1)]
    shown = call.show(found)
    return Answer(200, {**shown.value, "rows": rows}, shown.headers)


def _accepted(call: Call, id_: str) -> Answer:
    found = call.state.the(Job, id_)
    shown = call.show(found)
    return Answer(202, shown.value, (("Location", call.prefix + path(found)), *shown.headers))
