"""`pbxsim lint FILE…` (also `python -m device_emulator.linting`): what is wrong with configuration files, one finding a
line as compilers print them. The files that are named together are what one server holds; nothing is fetched.
"""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from device_emulator import models
from device_emulator.lint import CHECKS, LIMIT, RANK, Brand, Finding, Given, Source, check, fails, in_order
from device_emulator.lint.findings import uncredited
from device_emulator.trial.asjson import as_json
from device_emulator.trial.present import plural, printable, say

MAX_BYTES = 4 * 1024 * 1024
"""Of one file: a phone's configuration has some kilobytes."""
MAX_FILES = 20_000
ENDINGS = (".cfg", ".boot", ".tuz")

STATUS = """\
A finding is a line: FILE:LINE: LEVEL ID TEXT (line 1 where it is about the whole file). Files are checked alone and
together: what is common first, then a phone's own; a folder is walked for .cfg and .boot files; - is standard input.

Exit status: 0 nothing was found at or above --fail-on; 1 something was; 2 bad usage, or a file that cannot be read."""


class Unreadable(Exception):
    """A file cannot be read; the message says which, why, and what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status (argparse itself leaves with 2 for bad options)."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.checks:
        _list_checks(options.json)
        return 0
    if not options.files:
        parser.error("name a file, a folder, or - for standard input")
    try:
        model = models.find(options.model) if options.model else None
    except models.UnknownModel as error:
        parser.error(str(error))
    if model and options.brand and model.vendor != options.brand:
        parser.error(f"a {model.name} is no {options.brand}: leave --brand out")
    brand: Brand | None = options.brand
    try:
        sources = gathered(options.files, brand, model)
        previous = gathered(options.previous, brand, model) if options.previous else []
        template = _one(options.template, brand, model) if options.template else None
    except Unreadable as error:
        print(f"pbxsim lint: {error}", file=sys.stderr)
        return 2
    found = check(Given(sources, model, previous, template), None if options.all else LIMIT)
    status = 1 if fails(found, options.fail_on) else 0
    shown = [one for one in found if RANK[one.level] >= RANK[options.level]]
    if options.json:
        document = {
            "format": 1,
            "files": [{"file": one.name, "brand": one.brand, "part": one.part, "mac": one.mac} for one in sources],
            "exit_status": status,
            "findings": [replace(one, text=uncredited(one.text), key=uncredited(one.key)) for one in shown],
        }
        say(as_json(document))
        return status
    for one in shown:
        say(line(one))
    print(tally(found, len(sources)), file=sys.stderr)
    return status


def line(one: Finding) -> str:
    """A finding as compilers print it."""
    return printable(uncredited(f"{one.file}:{one.line or 1}: {one.level} {one.id} {one.text}"))


def tally(found: list[Finding], files: int) -> str:
    """The last line: what was checked, and how much was found."""
    counts = [plural(sum(one.level == level for one in found), level) for level in ("error", "warning", "note")]
    return f"{plural(files, 'file')}: {', '.join(counts)}"


def gathered(names: Sequence[str], brand: Brand | None = None, model: models.Model | None = None) -> list[Source]:
    """The files of these names, in this order; those of a folder in the order in which phones read them. Raises
    `Unreadable`."""
    found: list[Source] = []
    for name in names:
        if name != "-" and Path(name).is_dir():
            inside = [_one(path, brand, model, True) for path in _walked(name)]
            if not inside:
                raise Unreadable(
                    f"{name} holds no .cfg or .boot file; name the files themselves if theirs end otherwise."
                )
            found += in_order(inside)
        else:
            found.append(_one(name, brand, model))
    unique = {source.name: source for source in found}
    return list(unique.values())


def _walked(folder: str) -> Iterator[str]:
    count = 0
    for here, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            if file.endswith(ENDINGS):
                count += 1
                if count > MAX_FILES:
                    raise Unreadable(f"{folder} holds more than {MAX_FILES} files; name its parts one by one.")
                yield os.path.join(here, file)


def _one(name: str, brand: Brand | None, model: models.Model | None, found: bool = False) -> Source:
    if name == "-":
        return Source("<stdin>", _bounded("standard input", sys.stdin.buffer.read(MAX_BYTES + 1)), brand, False, model)
    try:
        if found and not stat.S_ISREG(os.stat(name).st_mode):
            raise Unreadable(f"{name} is no file: take it out of the folder.")  # to open a pipe is to wait for ever
        with open(name, "rb") as file:
            return Source(name, _bounded(name, file.read(MAX_BYTES + 1)), brand, found, model)
    except FileNotFoundError:
        raise Unreadable(f"there is no file {name}.{_similar(name)}") from None
    except (OSError, ValueError) as error:
        raise Unreadable(f"{name} cannot be read: {getattr(error, 'strerror', '') or error}.") from None


def _bounded(name: str, body: bytes) -> bytes:
    if len(body) > MAX_BYTES:
        raise Unreadable(f"{name} is larger than {MAX_BYTES >> 20} MiB: that is no phone's configuration.")
    return body


def _similar(name: str) -> str:
    """What was perhaps meant; '' if nothing is near."""
    from difflib import get_close_matches

    path = Path(name)
    try:
        there = os.listdir(path.parent)
    except (OSError, ValueError):
        return f" There is no folder {path.parent} either." if not path.parent.exists() else ""
    if path.name in there:
        return " It is a link that leads nowhere."
    near = get_close_matches(path.name, there, 1, 0.8) or [one for one in there if one.lower() == path.name.lower()]
    return f" Is {path.parent / near[0]} meant?" if near else ""


def _list_checks(for_programs: bool) -> None:
    if for_programs:
        say(as_json([about for about, _ in CHECKS]))
        return
    for about, _ in CHECKS:
        say(f"{about.id} ({about.level})\n  {about.title}.")
        if about.remedy:
            say(f"  {about.remedy}")
        say(f"  source: {about.source}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pbxsim lint",
        description="What is wrong with configuration files of desk phones (Yealink, Aastra and Mitel)?",
        epilog=STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="files and folders, in the order phones read them")
    parser.add_argument("--brand", choices=("yealink", "aastra"), help="whose files they are (default: guessed)")
    parser.add_argument(
        "--model", default="", help=f"check for this model, such as yealink-t46s; {len(models.MODELS)} are known"
    )
    parser.add_argument(
        "--previous", action="append", metavar="PATH", help="the last version: says which keys are gone"
    )
    parser.add_argument(
        "--template",
        metavar="FILE",
        help="the template, or its output for a plain name: keys that it does not have came in with a value",
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON; field names are stable")
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "note", "never"),
        default="error",
        help="end with 1 if something of this level or above is found (default: %(default)s)",
    )
    parser.add_argument(
        "--level", choices=("error", "warning", "note"), default="note", help="print no less (default: %(default)s)"
    )
    parser.add_argument("--all", action="store_true", help=f"more than {LIMIT} findings of a kind in a file")
    parser.add_argument("--checks", action="store_true", help="list what is checked, and where each fact comes from")
    return parser


if __name__ == "__main__":
    sys.exit(main())
