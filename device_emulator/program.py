"""`python -m device_emulator.program URL --model … --mac …`: boot a phone against a provisioning server and say what
it would show. Exit status: 0 when it ends with a configuration it fetched, 1 when not, 2 for bad usage."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

import msgspec

from device_emulator import models, runner, transfer
from device_emulator.phone import new


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status (argparse itself leaves with 2 for bad options)."""
    parser = _parser()
    options = parser.parse_args(argv)
    try:
        model = models.find(options.model)
        new(model, options.mac)
    except (models.UnknownModel, ValueError) as error:
        parser.error(str(error))
    if options.timeout <= 0 or options.max_requests < 1:
        parser.error("--timeout and --max-requests must be above 0")
    if not options.url.startswith(("http://", "https://")) or not transfer.origin(options.url):
        parser.error(f"{options.url!r} is not a URL: give the address an installer enters, such as https://host/path/")
    limits = runner.Limits(requests=options.max_requests, timeout=options.timeout)
    report = asyncio.run(
        runner.boot(
            model,
            options.mac,
            options.url,
            options.user,
            options.password,
            real_time=options.real_time,
            limits=limits,
        )
    )
    if not options.secrets:
        report = runner.masked(report)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        print(describe(report))
    return 0 if report.usable else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pbxsim phone",
        description="Boot an emulated desk phone against any provisioning server and say what it would show.",
        epilog="Registration is simulated: no SIP leaves this program. "
        "Exit status: 0 the phone ends with an account, or a log-in prompt, from what it fetched; 1 it does not; "
        "2 bad usage.",
    )
    parser.add_argument("url", help="the provisioning server's address, as an installer enters it")
    parser.add_argument("--model", required=True, help="one of: " + ", ".join(model.name for model in models.MODELS))
    parser.add_argument("--mac", required=True, help="the phone's MAC address, such as 80:5e:c0:11:22:33")
    parser.add_argument("--user", default="", help="HTTP user name, for servers that ask (Digest or Basic)")
    parser.add_argument("--password", default="", help="HTTP password")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    parser.add_argument("--secrets", action="store_true", help="show passwords instead of asterisks")
    parser.add_argument(
        "--real-time", action="store_true", help="wait as the phone does, instead of skipping its waits"
    )
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds per request (default: %(default)s)")
    parser.add_argument("--max-requests", type=int, default=64, help="stop after so many (default: %(default)s)")
    return parser


def describe(report: runner.Boot) -> str:
    """The report for a person."""
    lines = [f"{report.model} {report.mac}", "", "Requests"]
    for exchange in report.exchanges:
        outcome = f"{exchange.status}" if exchange.status else f"no answer: {exchange.why}"
        lines.append(f"  {exchange.url}  {outcome}  {exchange.size} bytes  {exchange.ms} ms")
    lines.append(f"  the phone itself waited {report.waited:g} s ({'really' if report.real else 'skipped'})")
    if report.truncated:
        lines.append(f"  {report.truncated}")
    lines += ["", "Provisioning"]
    for run in report.reports:
        lines.append(f"  {run.outcome}: {run.reason}")
        lines += [f"    {name}, line {fault.line}: {fault.text}" for name, fault in run.faults]
    lines += ["", "Screen", *(f"  | {row}" for row in report.screen.rows or ("(blank)",))]
    if report.registrations:
        lines += ["", "Would register (simulated: no SIP was sent)", *(f"  {aor}" for aor in report.registrations)]
    lines += ["", f"Settings in force: {len(report.settings)}"]
    lines += [f"  {key} = {value!r}" for key, value in report.settings.items()]
    lines += ["", verdict(report)]
    return "\n".join(map(printable, lines))


def printable(text: str) -> str:
    """A line for a terminal: what a server put into it commands nothing there."""
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)


def verdict(report: runner.Boot) -> str:
    """Has it worked, in a line; and if not, what was missing."""
    if report.usable:
        return "OK: the phone ends with a configuration that it fetched."
    missing = [one.url.rpartition("/")[2] for one in report.exchanges if one.status != 200]
    why = f"; not found or not given: {', '.join(dict.fromkeys(missing))}" if missing else ""
    if report.fetched:
        return f"FAILED: what the phone fetched gives it no account and asks for no log-in{why}."
    return f"FAILED: the phone did not get a configuration of its own{why}."


if __name__ == "__main__":
    sys.exit(main())
