"""Checks of what came of a run: whether the phone has a configuration and an account, and which file it missed."""

from __future__ import annotations

from collections.abc import Iterator

from device_emulator.lint import About, Hit
from device_emulator.lint.findings import shown, some
from device_emulator.lint.sets import gone
from device_emulator.trial.served.run import Rows, Run, server


def failed(run: Run) -> Iterator[Hit]:
    """The last run came to nothing."""
    report = run.reports[-1] if run.reports else None
    if report is not None and report.outcome == "failed":
        asked = _asked(run)
        file = asked[-1] if asked else ""
        yield Hit(file, 0, f"{report.reason.removeprefix(f'{file}: ')}: the phone keeps what it had")
    elif report is not None and report.outcome == "absent":
        yield Hit(server(run), 0, f"{report.reason}: none of {some(_asked(run))} was there")


def no_account(run: Run) -> Iterator[Hit]:
    """There is a configuration, and nobody can use the phone."""
    if run.fetched and not run.usable:
        absent = [
            one.file for one in run.exchanges if one.purpose == "boot" and one.status == 404 and _own(run, one.file)
        ]
        also = f"; not found: {some(dict.fromkeys(absent))}" if absent else ""
        yield Hit(server(run), 0, f"what the phone got gives it no account, and asks nobody to log in{also}")


def other_case(run: Run) -> Iterator[Hit]:
    """The file is there under a name that phones do not ask for."""
    for one in run.exchanges:
        if one.purpose == "other-case" and one.status == 200:
            yield Hit(one.file, 0, f"the server has {one.file}, but the phone asks for {_as_phone(run, one.file)}: 404")


def common_absent(run: Run) -> Iterator[Hit]:
    """A model's common file that is asked for and not there: not fatal, and easily overlooked."""
    for file in dict.fromkeys(one.file for one in run.exchanges if one.purpose == "boot" and one.status == 404):
        if file.endswith(".cfg") and not _own(run, file) and run.fetched:
            yield Hit(file, 0, f"{file} is not there: the phone goes on without it")


def dropped(run: Run) -> Iterator[Hit]:
    """Keys that the files of the last time had."""
    if run.before is None or not run.fetched or run.hardware is None:
        return
    now = {key.removeprefix("static.") for source in run.sources for key in source.values}
    for key, (value, file) in run.before.keys.items():
        if value and key.removeprefix("static.") not in now:
            force = f"; in force: {shown(run.settings[key], key)!r}" if key in run.settings else "; no longer in force"
            yield Hit(file, 0, gone(run.hardware.vendor, key, value) + force, key)


def _as_phone(run: Run, name: str) -> str:
    return next((one.file for one in run.exchanges if one.file.lower() == name.lower() and one.file != name), name)


def _own(run: Run, file: str) -> bool:
    return run.mac in file.lower()


def _asked(run: Run) -> list[str]:
    return list(dict.fromkeys(one.file for one in run.exchanges if one.purpose == "boot"))


ROWS: Rows = (
    (
        About(
            "run-failed",
            "error",
            "Provisioning failed",
            "Only 200 and 404 let a phone go on; anything else ends its run, and the old configuration stays.",
            "Yealink support text on auto provisioning; Aastra administrator guides (cached server.cfg)",
        ),
        failed,
    ),
    (
        About(
            "no-account",
            "error",
            "A phone without an account",
            "Is the phone known to the server by this MAC, and is an account enabled in its file?",
            "decided: a phone that can neither call nor ask who is there is of no use",
        ),
        no_account,
    ),
    (
        About(
            "wrong-case",
            "error",
            "A file name in the wrong case",
            "Yealink asks for lower-case MACs, Aastra and Mitel for upper-case ones.",
            "wazo-provd and FusionPBX file rules",
        ),
        other_case,
    ),
    (
        About(
            "common-missing",
            "note",
            "A common file is not there",
            "",
            "FusionPBX issue 1914: a model's common file was missing, and settings in it with it, without a word",
        ),
        common_absent,
    ),
    (
        About(
            "dropped-key",
            "warning",
            "A key is gone since the last time",
            "To undo a setting on a Yealink send it with %NULL%, or use a boot file with overwrite_mode = 1.",
            "Yealink guides on overwrite_mode; Aastra guides: the files are read anew at each boot",
        ),
        dropped,
    ),
)
