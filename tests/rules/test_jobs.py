"""Jobs (N2 to N6): chosen, confirmed, a user a step; what goes wrong with one is in his row and nowhere else."""

from __future__ import annotations

import typing

import pytest

from pbxsim import SERVICE_DESK, Forbidden, Invalid, Refused
from pbxsim.core.entities import JobAction, JobStatus
from pbxsim.core.invariants import broken
from pbxsim.core.rules import jobs
from pbxsim.platforms import PLATFORMS


@pytest.fixture
def acme(world):
    """Five users; 103 has no e-mail address."""
    acme = world.accounts.add("acme", platform="netsapiens")
    for extension in ("101", "102", "103", "104", "105"):
        email = "" if extension == "103" else f"{extension}@acme.example"
        user = {"first_name": f"User {extension}", "last_name": "Smith", "email": email}
        acme.users.add(extension, **user, password="tr0ubador", voicemail_pin="4711")
    return acme


ALL = ["101", "102", "103", "104", "105"]


def shown(job) -> list[tuple[str, str]]:
    return [(row.title[:3], row.status) for row in job.rows]


def test_nothing_happens_before_it_is_confirmed(world, acme) -> None:
    job = acme.jobs.start("reset", ["104", "101", "104"])
    assert (job.status, job.size, shown(job)) == ("to-confirm", 2, [("101", "waiting"), ("104", "waiting")])
    assert acme.users["101"].name == "User 101 Smith"
    acme.jobs.confirm(job)
    assert job.status == "running"
    acme.jobs.step(job)
    assert shown(job) == [("101", "done"), ("104", "waiting")]
    assert (acme.users["101"].name, acme.users["104"].name) == ("", "User 104 Smith")
    acme.jobs.step(job)
    assert (job.status, job.at, job.failed) == ("done", 2, 0)
    assert not broken(world.pbx, PLATFORMS)


def test_one_users_failure_neither_stops_nor_hides_the_others(world, acme) -> None:
    """103 cannot be written to; what his turn had done until then is undone."""
    seen = []
    job = acme.users.bulk("force-password-reset", ALL, progress=lambda job: seen.append(job.at))
    assert seen == [1, 2, 3, 4, 5]
    assert [row.status for row in job.rows] == ["done", "done", "failed", "done", "done"]
    assert (job.status, job.failed) == ("done", 1)
    assert "e-mail address" in job.rows[2].why
    assert [acme.users[extension].tag for extension in ALL] == ["password-required"] * 2 + [""] + [
        "password-required"
    ] * 2
    assert len(acme.outbox) == 4
    acme.users.log_in_app("103", "tr0ubador")
    assert not broken(world.pbx, PLATFORMS)


def test_a_turn_that_fails_half_way_leaves_nothing(world, acme, monkeypatch) -> None:
    def half(change, job, row):
        jobs.reset.reset(change, jobs.ResetUser(row.user))
        raise Refused("pbx.role", "No further")

    monkeypatch.setitem(jobs.ACTIONS, "reset", half)
    before = acme.users["101"].snapshot(), dict(world.pbx.secrets)
    events = len(world.history)
    job = acme.users.bulk("reset", ["101"])
    assert (acme.users["101"].snapshot(), dict(world.pbx.secrets)) == before
    assert job.rows[0].why.startswith("No further")
    kinds = {record.event.kind for record in world.history[events:]}
    assert kinds == {"job.started", "job.confirmed", "job.stepped", "job.done"}
    assert not broken(world.pbx, PLATFORMS)


def test_a_user_who_is_deleted_meanwhile_has_failed(acme) -> None:
    job = acme.jobs.start("reset", ALL)
    acme.jobs.confirm(job)
    acme.users.delete("102")
    while job.status == "running":
        acme.jobs.step(job)
    assert [row.status for row in job.rows] == ["done", "failed", "done", "done", "done"]
    assert job.rows[1].why == "User 102 User 102 Smith has been deleted."


def test_a_version_that_falls_meanwhile_fails_every_row(world, acme) -> None:
    job = acme.jobs.start("reset", ["101", "102"])
    world.accounts.update(acme, platform_version=37)
    acme.jobs.confirm(job)
    acme.jobs.step(job)
    assert "38" in job.rows[0].why


@pytest.mark.parametrize("action", typing.get_args(JobAction))
def test_every_action_does_what_it_says(acme, action: str) -> None:
    more = {"identities": {"101": {"first_name": "Ann", "last_name": "Lee"}}} if action == "recycle" else {}
    acme.users.bulk(action, ["101"], **more)
    user = acme.users["101"]
    expected = {
        "reset": ("", "setup-required", 0),
        "recycle": ("Ann Lee", "password-required", 0),
        "welcome-email": ("User 101 Smith", "", 1),
        "force-password-reset": ("User 101 Smith", "password-required", 1),
    }
    assert (user.name, user.tag, len(acme.outbox)) == expected[action]


def test_recycling_warns_before_it_is_confirmed(acme) -> None:
    forms = {
        "101": {"first_name": "Ann", "last_name": "Lee"},
        "102": {"first_name": "Bob", "last_name": "Ray", "email": "bob@acme.example"},
    }
    job = acme.jobs.start("recycle", ["101", "102"], identities=forms, welcome=True)
    assert [row.warning for row in job.rows] == ["voicemail to e-mail needs an e-mail address", ""]
    acme.jobs.confirm(job)
    acme.jobs.step(job)
    acme.jobs.step(job)
    assert [mail.to for mail in acme.outbox] == ["bob@acme.example"]


# --- What is refused -------------------------------------------------------------------------------------------------

FORM = {"first_name": "Ann", "last_name": "Lee"}
WRONG = [
    ("nobody", {"action": "reset", "users": []}, ["/users"]),
    ("strangers", {"action": "reset", "users": ["101", "999", "u99"]}, ["/users/1", "/users/2"]),
    ("nothing ticked", {"action": "reset", "users": ["101"], "clear": []}, ["/clear"]),
    ("an unknown tick", {"action": "reset", "users": ["101"], "clear": ["all"]}, ["/clear/0"]),
    ("deleting in bulk", {"action": "delete", "users": ["101"]}, ["/action"]),
    ("no form", {"action": "recycle", "users": ["101", "102"]}, ["/identities/101", "/identities/102"]),
    ("a form for nobody", {"action": "recycle", "users": ["101"], "identities": {"101": FORM, "102": FORM}},
     ["/identities"]),
    ("a form for a stranger", {"action": "recycle", "users": ["101"], "identities": {"101": FORM, "999": FORM}},
     ["/identities/999"]),
    ("a form without names", {"action": "recycle", "users": ["101"], "identities": {"101": {"email": "x"}}},
     ["/identities/101/email", "/identities/101/first_name", "/identities/101/last_name"]),
    ("a form that is none", {"action": "recycle", "users": ["101"], "identities": {"101": 7}}, ["/identities/101"]),
    ("forms that are none", {"action": "recycle", "users": ["101"], "identities": [FORM]}, ["/identities"]),
    ("a form for a reset", {"action": "reset", "users": ["101"], "identities": {"101": FORM}}, ["/identities"]),
    ("too many", {"action": "reset", "users": ["101"] * 1001}, ["/users"]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "pointers"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_is_wrong_is_said_at_once_and_nothing_is_begun(world, acme, given, pointers) -> None:
    before = world.state
    with pytest.raises(Invalid) as wrong:
        acme.jobs.start(**given)
    assert [fault.pointer for fault in wrong.value.faults] == pointers
    assert world.state == before


def test_one_user_named_twice_in_the_forms(acme) -> None:
    twice = {"101": FORM, acme.users["101"].id: FORM}
    with pytest.raises(Invalid, match="a second time"):
        acme.jobs.start("recycle", ["101"], identities=twice)


def test_users_of_another_account_are_strangers(world, acme) -> None:
    other = world.accounts.add("other", platform="netsapiens").users.add("101")
    with pytest.raises(Invalid, match="/users/0"):
        acme.jobs.start("reset", [other.id])


@pytest.mark.parametrize("platform", sorted(PLATFORMS.keys() - {"netsapiens"}))
def test_other_platforms_have_no_bulk_actions(world, platform: str) -> None:
    account = world.accounts.add("other", platform=platform)
    account.users.add("204", email="a@other.example")
    with pytest.raises(Refused) as refusal:
        account.jobs.start("welcome-email", ["204"])
    assert refusal.value.rule == "pbx.bulk.unknown"


def test_before_version_38_a_reset_is_not_even_chosen(world, acme) -> None:
    world.accounts.update(acme, platform_version=37)
    with pytest.raises(Refused) as refusal:
        acme.jobs.start("reset", ["101"])
    assert refusal.value.rule == "netsapiens.user.reset.version"
    acme.users.bulk("welcome-email", ["101"])


# --- Its status: every one, asked everything -------------------------------------------------------------------------


@pytest.mark.parametrize("status", typing.get_args(JobStatus))
@pytest.mark.parametrize("asked", ["confirm", "step", "cancel"])
def test_only_what_the_table_has(acme, status: str, asked: str) -> None:
    job = acme.jobs.start("reset", ["101", "102"])
    for verb in {"running": ["confirm"], "done": ["confirm", "step", "step"], "cancelled": ["cancel"]}.get(status, []):
        getattr(acme.jobs, verb)(job)
    assert job.status == status
    if asked in jobs.TABLE[status]:
        getattr(acme.jobs, asked)(job)
    else:
        with pytest.raises(Refused) as refusal:
            getattr(acme.jobs, asked)(job)
        assert refusal.value.rule == "pbx.job.status"
        assert job.status == status


def test_the_table_is_written_out() -> None:
    assert set(jobs.TABLE) == set(typing.get_args(JobStatus))


def test_a_job_that_is_called_off_stops_behind_the_present_user(acme) -> None:
    job = acme.jobs.start("reset", ALL)
    acme.jobs.confirm(job)
    acme.jobs.step(job)
    acme.jobs.cancel(job)
    assert (job.status, job.at) == ("cancelled", 1)
    assert acme.users["102"].name == "User 102 Smith"


def test_old_jobs_are_forgotten_with_their_rows(world, acme, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "KEPT", 3)
    waiting = acme.jobs.start("reset", ["105"])
    made = [acme.users.bulk("welcome-email", ["101", "102"]).id for _ in range(5)]
    assert [job.id for job in acme.jobs] == [waiting.id, *made[-3:]]
    rows = [id_ for id_ in world.pbx.entities if id_.startswith("j") and "." in id_]
    assert len(rows) == 1 + 3 * 2
    assert not broken(world.pbx, PLATFORMS)


def test_an_account_goes_with_its_jobs_and_mails(world, acme) -> None:
    acme.users.bulk("welcome-email", ALL)
    world.accounts.delete(acme)
    assert not dict(world.pbx.entities)
    assert not broken(world.pbx, PLATFORMS)


# --- Who may (N2) ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("super-user", True),
        ("reseller", True),
        ("office-manager", True),
        ("site-manager", False),
        ("call-center-supervisor", False),
        ("advanced-user", False),
        ("basic-user", False),
        ("no-portal", False),
    ],
)
def test_office_managers_and_above(world, acme, role: str, may: bool) -> None:
    seen = world.acting_as(acme.users.add("900", role=role)).accounts["acme"]
    before = world.state
    if may:
        assert seen.users.bulk("reset", ["101", "102"]).failed == 0
        return
    for attempt in (lambda: seen.users.bulk("reset", ["101", "102"]), lambda: seen.users.reset("101")):
        with pytest.raises(Forbidden):
            attempt()
    assert world.state == before


def test_a_job_reaches_nobody_above_who_began_it(world, acme) -> None:
    acme.users.add("901", first_name="Sue", last_name="Per", role="super-user")
    manager = acme.users.add("900", role="office-manager")
    job = world.acting_as(manager).accounts["acme"].users.bulk("reset", ["101", "901"])
    assert [row.status for row in job.rows] == ["done", "failed"]
    assert "stands above" in job.rows[1].why
    assert acme.users["901"].name == "Sue Per"
    assert world.acting_as(SERVICE_DESK).accounts["acme"].users.bulk("reset", ["901"]).failed == 0


def test_a_job_reaches_nobody_above_who_began_it_once_he_is_gone(world, acme) -> None:
    """An office manager begins one on a super user, and another one deletes him first."""
    acme.users.add("901", first_name="Sue", last_name="Per", role="super-user")
    manager, other = acme.users.add("900", role="office-manager"), acme.users.add("902", role="office-manager")
    job = world.acting_as(manager).accounts["acme"].jobs.start("reset", ["101", "901"])
    seen = world.acting_as(other).accounts["acme"]
    seen.users.delete(manager)
    seen.jobs.confirm(job)
    acme.jobs.step(job)
    acme.jobs.step(job)
    assert [row.status for row in job.rows] == ["done", "failed"]
    assert "stands above" in job.rows[1].why
    assert acme.users["901"].name == "Sue Per"


def test_one_user_is_a_list_of_one(acme) -> None:
    assert [row.status for row in acme.users.bulk("reset", "102").rows] == ["done"]
    assert [row.status for row in acme.users.bulk("reset", acme.users["103"]).rows] == ["done"]
