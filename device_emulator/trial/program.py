"""`pbxsim phone URL --model … --mac …` (also `python -m device_emulator.program`): boot a phone against a provisioning
server, and say what it would show and what is wrong with what it was served. `--help` says what the exit status means.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from device_emulator import models

STATUS = """\
Registration is simulated: no SIP leaves this program. Other servers than that of URL are asked only with --follow,
and by http and https only.

Exit status: 0 the phone ends with an account, or a log-in prompt, from what it fetched, and nothing was found at or
above --fail-on; 1 it does not, or something was; 2 bad usage."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status (argparse itself leaves with 2 for bad options)."""
    parser = _parser()
    options = parser.parse_args(argv)
    # What follows costs a tenth of a second, which --help and a wrong word need not pay.
    import asyncio

    from device_emulator import lint
    from device_emulator.facts import running, tuned
    from device_emulator.firmware import FACTS
    from device_emulator.phone import new
    from device_emulator.trial import keep, present, runner, served
    from device_emulator.trial.asjson import as_json
    from device_emulator.trial.report import document
    from device_emulator.wire import transfer

    try:
        model = tuned(models.find(options.model), dict(options.knob), FACTS)
    except (models.UnknownModel, ValueError) as error:
        parser.error(str(error))
    try:
        model = running(model, options.firmware) if options.firmware else model
    except ValueError as error:
        parser.error(f"--firmware {error}, not {options.firmware!r}")
    try:
        mac = new(model, options.mac).mac
        before = keep.load(options.state, model.name, mac) if options.state else None
    except ValueError as error:
        parser.error(str(error))
    if options.timeout <= 0 or options.max_requests < 1:
        parser.error("--timeout and --max-requests must be above 0")
    if not options.url.startswith(("http://", "https://")) or not transfer.origin(options.url):
        parser.error(f"{options.url!r} is not a URL: give the address an installer enters, such as https://host/path/")
    if options.ca_file and not options.ca_file.is_file():
        parser.error(f"there is no file {options.ca_file}")
    how = runner.How(
        options.real_time,
        runner.Limits(requests=options.max_requests, timeout=options.timeout),
        runner.Tls(options.insecure, str(options.ca_file or "")),
        options.follow,
        not options.once,
        before.flash if before else None,
    )
    try:
        boot = asyncio.run(runner.boot(model, mac, options.url, options.user, options.password, how=how))
    except KeyboardInterrupt:
        return 130
    except runner.BadAuthorities as error:
        parser.error(str(error))
    found = served.judge(boot, model, before, None if options.verbose or options.json else lint.LIMIT)
    if options.state:
        try:
            keep.save(options.state, boot, model, before)
        except OSError as error:
            parser.error(f"{options.state} cannot be written: {error.strerror}")
    status = 0 if boot.usable and not lint.fails(found, options.fail_on) else 1
    if options.json:
        present.say(as_json(document(boot, model, found, status, options.secrets)))
    else:
        present.say(present.report(boot, model, found, options.secrets, options.verbose))
        if status and boot.usable:
            present.say(f"Exit status 1: something was found at or above {options.fail_on!r} (--fail-on).")
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pbxsim phone",
        description="Boot an emulated desk phone against any provisioning server: what does it ask for, what does it "
        "show, and what is wrong with what it gets?",
        epilog=STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("url", help="the provisioning server's address, as an installer enters it")
    parser.add_argument(
        "--model", required=True, help=f"such as yealink-t46s or aastra-6867i; {len(models.MODELS)} are known"
    )
    parser.add_argument("--mac", required=True, help="the phone's MAC address, such as 80:5e:c0:11:22:33")
    parser.add_argument(
        "--firmware", default="", metavar="VERSION", help="another firmware than the model's own, such as 66.84.0.15"
    )
    parser.add_argument(
        "--knob",
        action="append",
        default=[],
        type=_knob,
        metavar="ID=VALUE",
        help="another value where nobody has published one; `pbxsim facts --knobs` lists them (may be given again)",
    )
    parser.add_argument("--user", default="", help="HTTP user name, for servers that ask (Digest or Basic)")
    parser.add_argument("--password", default="", help="HTTP password")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON; field names are stable")
    parser.add_argument("-v", "--verbose", action="store_true", help="every setting, every finding, and its source")
    parser.add_argument("--secrets", action="store_true", help="show passwords instead of asterisks")
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "note", "never"),
        default="error",
        help="end with 1 if something of this level or above is found (default: %(default)s)",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="the phone's memory between calls: says which keys are gone since the last (holds passwords, mode 0600)",
    )
    parser.add_argument("--once", action="store_true", help="only what the phone asks in one boot: nothing to compare")
    parser.add_argument("--follow", action="store_true", help="ask other servers as well, if this one names them")
    parser.add_argument("--ca-file", type=Path, metavar="FILE", help="certificates of authorities to trust besides")
    parser.add_argument("--insecure", action="store_true", help="take any certificate")
    parser.add_argument(
        "--real-time", action="store_true", help="wait as the phone does, instead of skipping its waits"
    )
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds per request (default: %(default)s)")
    parser.add_argument("--max-requests", type=int, default=64, help="stop after so many (default: %(default)s)")
    return parser


def _knob(text: str) -> tuple[str, str]:
    id_, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not ID=VALUE, such as yealink.404.retry-ms=1000")
    return id_.strip(), value.strip()


if __name__ == "__main__":
    sys.exit(main())
