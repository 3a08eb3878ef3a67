"""Jobs: one action on many users, a user a step (N2 to N6).

A job shows what is chosen and waits to be confirmed; then each step is one user's turn. What goes wrong with one user
is written in his row, and what his turn had changed until then is undone; the others' turns come all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import structs

from pbxsim.core.commands import (
    CancelJob,
    ConfirmJob,
    ForcePasswordReset,
    Identity,
    RecycleUser,
    ResetUser,
    SendWelcome,
    StartJob,
    StepJob,
)
from pbxsim.core.entities import Job, JobAction, JobRow, JobStatus, User
from pbxsim.core.refusals import Blocker, Fault, Forbidden, Invalid, PbxsimError
from pbxsim.core.rules import reset
from pbxsim.core.rules.common import refuse, resolve
from pbxsim.core.state import Change

MOST = 1_000  # users of one job: it is shown and begun in one step
KEPT = 100  # finished jobs of an account; the oldest go first

# status -> what may be asked of it; what is not in a row is refused.
TABLE: dict[JobStatus, dict[str, JobStatus]] = {
    "to-confirm": {"confirm": "running", "cancel": "cancelled"},
    "running": {"step": "running", "finish": "done", "cancel": "cancelled"},
    "done": {},
    "cancelled": {},
}


def start(change: Change, command: StartJob) -> str:
    """Nothing happens yet: who is chosen is shown, with what to warn about, to be confirmed."""
    if command.action not in change.platform.bulk:
        known = ", ".join(change.platform.bulk) or "none"
        refuse(change, "bulk.unknown", f"{change.platform.title} has no {command.action} in bulk", f"known are {known}")
    if command.action in ("reset", "recycle"):
        reset.allowed(change)
    users, identities = _chosen(change, command)
    starter = change.state.get(User, change.actor.user)
    job = Job(
        change.new_id("j"),
        change.account.id,
        command.action,
        len(users),
        str(change.actor),
        change.now,
        command.clear if command.action in ("reset", "recycle") else (),
        command.welcome,
        role=starter.role if starter is not None else "",
    )
    _make_room(change)
    change.put(job)
    for place, user in enumerate(users, 1):
        who = identities.get(user.id)
        row = JobRow(row_id(job, place), job.account, job.id, place, user.id, user.title)
        if who is not None:
            warning = reset.lacking(change, user, who.email)
            row = structs.replace(
                row, first_name=who.first_name, last_name=who.last_name, email=who.email, warning=warning
            )
        change.put(row)
    change.event("job.started", job.id, action=job.action, users=job.size)
    return job.id


def confirm(change: Change, command: ConfirmJob) -> str:
    """N6: from here on it runs."""
    job = change.state.the(Job, command.job)
    _put(change, job, "confirm")
    change.event("job.confirmed", job.id, action=job.action, users=job.size)
    return job.id


def cancel(change: Change, command: CancelJob) -> str:
    """Users who have had their turn keep what it did."""
    job = change.state.the(Job, command.job)
    _put(change, job, "cancel")
    change.event("job.cancelled", job.id, action=job.action, users=job.at)
    return job.id


def step(change: Change, command: StepJob) -> str:
    """One user's turn; behind the last one the job is done."""
    job = change.state.the(Job, command.job)
    _next(change, job, "step")
    row = change.state.the(JobRow, row_id(job, job.at + 1))
    why = _turn(change, job, row)
    done = structs.replace(row, status="failed" if why else "done", why=why, revision=row.revision + 1)
    change.put(done)
    _put(change, job, "finish" if row.place == job.size else "step", at=row.place, failed=job.failed + bool(why))
    change.event("job.stepped", job.id, user=row.user, title=row.title, status=done.status, why=why)
    if row.place == job.size:
        change.event("job.done", job.id, action=job.action, users=job.size, failed=job.failed + bool(why))
    return job.id


def row_id(job: Job, place: int) -> str:
    """Rows are numbered from 1: j7.1."""
    return f"{job.id}.{place}"


# --- One user's turn -----------------------------------------------------------------------------------------------


def _reset(change: Change, job: Job, row: JobRow) -> None:
    reset.reset(change, ResetUser(row.user, job.clear))  # type: ignore[arg-type]


def _recycle(change: Change, job: Job, row: JobRow) -> None:
    who = (row.first_name, row.last_name, row.email)
    reset.recycle(change, RecycleUser(row.user, *who, job.clear, job.welcome))  # type: ignore[arg-type]


def _welcome(change: Change, job: Job, row: JobRow) -> None:
    reset.send_welcome(change, SendWelcome(row.user))


def _force(change: Change, job: Job, row: JobRow) -> None:
    reset.force_password_reset(change, ForcePasswordReset(row.user))


ACTIONS: dict[JobAction, Callable[[Change, Job, JobRow], None]] = {
    "reset": _reset,
    "recycle": _recycle,
    "welcome-email": _welcome,
    "force-password-reset": _force,
}


def _turn(change: Change, job: Job, row: JobRow) -> str:
    """Why it went wrong; '' if it did not."""
    user = change.state.get(User, row.user)
    if user is None:
        return f"User {row.title} has been deleted."
    mark = change.mark()
    try:
        _below(change, job, user)
        ACTIONS[job.action](change, job, row)
    except PbxsimError as error:
        change.back(mark)
        return str(error)
    return ""


def _below(change: Change, job: Job, user: User) -> None:
    """A job does no more than who began it might do one by one: nothing to a role above his own, or, once he has been
    deleted, above the one that he had. Raises Forbidden."""
    platform, starter = change.platform, change.state.get(User, job.by.partition(" ")[2])
    own, home = (starter.role, starter.account) if starter is not None else (job.role, user.account)
    if not own or not platform.withholds(change.account, home, user.role, own):
        return
    above, below = platform.word(user.role), platform.word(own)
    blocker = Blocker("role", user.role, above, "Ask somebody of that role, or the operator.")
    title = f"{starter.title if starter is not None else 'Who began this'} may not do this to {user.title}"
    raise Forbidden(platform.rule("role"), title, f"role {above} stands above {below}", [blocker])


# --- What is chosen ------------------------------------------------------------------------------------------------


def _chosen(change: Change, command: StartJob) -> tuple[list[User], dict[str, Identity]]:
    """The users, each once, in the order of the list; and who is to have whose extension. Raises Invalid with all that
    is wrong."""
    faults: list[Fault] = []
    users: dict[str, User] = {}

    def user(key: str, pointer: str) -> User | None:
        found = resolve(change.state, change.account.id, User, key)
        if found is None:
            faults.append(Fault(pointer, f"names no user of account {change.account.id}: {key!r}"))
        return found

    for index, key in enumerate(command.users):
        found = user(key, f"/users/{index}")
        if found is not None:
            users[found.id] = found
    if not command.users:
        faults.append(Fault("/users", "must name at least one user"))
    elif len(command.users) > MOST:
        faults.append(Fault("/users", f"must name at most {MOST} users, names {len(command.users)}"))
    identities: dict[str, Identity] = {}
    for key, identity in command.identities:
        found = user(key, f"/identities/{key}")
        if found is not None and found.id in identities:
            faults.append(Fault(f"/identities/{key}", f"names user {found.title} a second time"))
        elif found is not None:
            identities[found.id] = identity
    faults += _mismatched(command, users, identities)
    if faults:
        raise Invalid(faults)
    return sorted(users.values(), key=lambda one: (len(one.extension), one.extension)), identities


def _mismatched(command: StartJob, users: dict[str, User], identities: dict[str, Identity]) -> list[Fault]:
    """Recycling fills in a form for every user and for nobody else; the other actions have none."""
    if command.action != "recycle":
        faults = [Fault("/identities", "is for recycling only")] if identities else []
    else:
        strange, missing = identities.keys() - users.keys(), users.keys() - identities.keys()
        faults = [Fault("/identities", f"names {id_}, who is not among the users") for id_ in sorted(strange)]
        faults += [
            Fault(f"/identities/{users[id_].extension}", "is required: first and last name of whom it is to be")
            for id_ in sorted(missing)
        ]
    if command.action in ("reset", "recycle") and not command.clear:
        faults.append(Fault("/clear", f"must name what is to be cleared: {', '.join(reset.ALL)}"))
    return faults


# --- Its status ----------------------------------------------------------------------------------------------------


def _next(change: Change, job: Job, asked: str) -> JobStatus:
    status = TABLE[job.status].get(asked)
    if status is None:
        possible = ", ".join(sorted(TABLE[job.status])) or "nothing more"
        refuse(change, "job.status", f"The job is {job.status}", f"it cannot {asked}; possible is: {possible}")
    return status


def _put(change: Change, job: Job, asked: str, **fields: Any) -> None:
    status = _next(change, job, asked)
    change.put(structs.replace(job, status=status, revision=job.revision + 1, **fields))


def _make_room(change: Change) -> None:
    """What is finished and old is forgotten."""
    listed = [job for job in change.state.listed(change.account.id, Job) if not TABLE[job.status]]
    for job in listed[: max(0, len(listed) - KEPT + 1)]:
        for place in range(1, job.size + 1):
            change.drop(change.state.the(JobRow, row_id(job, place)))
        change.drop(job)
