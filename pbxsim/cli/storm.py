"""`pbxsim storm URL`: a fleet of desk phones against a provisioning server, and a report of how it fared.

This file reads options and shows progress; the emulator's `fleet` plays the storm and knows the numbers.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from device_emulator.fleet.report import Report
    from device_emulator.fleet.roster import Desk
    from device_emulator.fleet.run import Options, Progress

FLEET, SCHEDULE, WIRE = "The fleet", "The schedule", "Connections"
VIRTUAL, REPORT = "Without a server", "The report"
EVERY = 5.0  # s between two lines of progress where there is no terminal
NOWHERE = "http://simulated.invalid/"

EPILOG = (
    "Exit status: 0 every phone has a configuration; 1 some have not; 2 bad usage, or nothing to storm; "
    "130 ended by Ctrl-C (with the report so far)."
)


def storm(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The provisioning server's address, as an installer enters it.")] = "",
    phones: Annotated[
        int | None, typer.Option(help="How many; default 1,000, or all of --macs.", rich_help_panel=FLEET, min=1)
    ] = None,
    models: Annotated[
        str, typer.Option(help="A model, or a mix: yealink-t46s:70,aastra-6867i:30.", rich_help_panel=FLEET)
    ] = "yealink-t46s",
    macs: Annotated[
        Path | None,
        typer.Option(
            help="A CSV file of phones that the server knows: mac[,model[,user[,password[,url]]]].",
            rich_help_panel=FLEET,
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    mac_start: Annotated[
        str, typer.Option(help="Without --macs: the first MAC; the others count up.", rich_help_panel=FLEET)
    ] = "80:5e:c0:00:00:00",
    user: Annotated[
        str, typer.Option(help="HTTP user of phones that have none; {mac} is the phone's.", rich_help_panel=FLEET)
    ] = "",
    password: Annotated[str, typer.Option(help="HTTP password of phones that have none.", rich_help_panel=FLEET)] = "",
    pattern: Annotated[
        Literal["power-cut", "rolling", "check-sync"],
        typer.Option(
            help="power-cut: all get power within --ramp. rolling: restarted one by one at --rate. "
            "check-sync: they run, and all are told within --ramp to fetch.",
            rich_help_panel=SCHEDULE,
        ),
    ] = "power-cut",
    ramp: Annotated[
        float, typer.Option(help="Seconds from the first start to the last.", rich_help_panel=SCHEDULE)
    ] = 10.0,
    rate: Annotated[float, typer.Option(help="rolling: phones a second.", rich_help_panel=SCHEDULE)] = 50.0,
    jitter: Annotated[
        float, typer.Option(help="Each start is late by up to so many seconds, at random.", rich_help_panel=SCHEDULE)
    ] = 0.0,
    skip_waits: Annotated[
        bool,
        typer.Option("--skip-waits", help="Phones' own waits (boot, retries) take no time.", rich_help_panel=SCHEDULE),
    ] = False,
    warm_up: Annotated[
        bool | None,
        typer.Option(
            "--warm-up/--no-warm-up",
            help="First let every phone boot once, uncounted: then they have configurations, as a running site's have. "
            "Always so with check-sync.",
            rich_help_panel=SCHEDULE,
        ),
    ] = None,
    duration: Annotated[
        float | None,
        typer.Option(help="End after so many seconds; default: when the last phone is done.", rich_help_panel=SCHEDULE),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of all chance: same seed, same schedule.", rich_help_panel=SCHEDULE)] = 1,
    connections: Annotated[
        int,
        typer.Option(help="At most so many requests under way; others wait.", rich_help_panel=WIRE, min=1, max=60_000),
    ] = 512,
    keep_alive: Annotated[
        bool,
        typer.Option(
            "--keep-alive/--no-keep-alive", help="Use connections again, or one a request.", rich_help_panel=WIRE
        ),
    ] = True,
    timeout: Annotated[float, typer.Option(help="Seconds that a request may take.", rich_help_panel=WIRE)] = 30.0,
    retries: Annotated[
        int,
        typer.Option(
            help="How often a request that is refused, reset or answered 429 or 503 is sent again before its phone "
            "hears of it. 0: never, as firmware does.",
            rich_help_panel=WIRE,
            min=0,
            max=20,
        ),
    ] = 3,
    back_off: Annotated[
        float,
        typer.Option(help="Seconds before that; they double and vary. Retry-After is heeded.", rich_help_panel=WIRE),
    ] = 1.0,
    insecure: Annotated[bool, typer.Option("--insecure", help="Accept any certificate.", rich_help_panel=WIRE)] = False,
    allow_remote: Annotated[
        bool,
        typer.Option(
            "--allow-remote",
            help="The server is another machine, and I may put this load on it. Otherwise only loopback is stormed.",
            rich_help_panel=WIRE,
        ),
    ] = False,
    simulate: Annotated[
        bool,
        typer.Option("--simulate", help="Play it in virtual time, without sockets.", rich_help_panel=VIRTUAL),
    ] = False,
    server_rate: Annotated[
        float, typer.Option(help="Requests a second that the simulated server can do.", rich_help_panel=VIRTUAL)
    ] = 500.0,
    server_workers: Annotated[
        int, typer.Option(help="How many of them side by side.", rich_help_panel=VIRTUAL, min=1, max=100_000)
    ] = 4,
    server_backlog: Annotated[
        int, typer.Option(help="More waiting requests get 503; 0: all may wait.", rich_help_panel=VIRTUAL, min=0)
    ] = 0,
    server_varying: Annotated[
        bool,
        typer.Option("--server-varying", help="Service times vary (exponentially).", rich_help_panel=VIRTUAL),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.", rich_help_panel=REPORT)] = False,
    json_file: Annotated[
        Path | None, typer.Option(help="Write it there as JSON.", rich_help_panel=REPORT, dir_okay=False)
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write it there as one page with plots.", rich_help_panel=REPORT, dir_okay=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.", rich_help_panel=REPORT)] = False,
) -> None:
    """Put the load of a whole fleet of desk phones on a provisioning server, on an open-loop schedule, and report."""
    import msgspec

    from device_emulator.fleet import page, words
    from device_emulator.fleet.doors import CannotStorm
    from device_emulator.fleet.engine import Manners
    from device_emulator.fleet.live import Manner
    from device_emulator.fleet.plan import BadPlan, Plan
    from device_emulator.fleet.roster import folder
    from device_emulator.fleet.run import Options
    from device_emulator.fleet.simulated import Server
    from device_emulator.wire import transfer

    said = _said(context)
    _consistent(said, pattern, simulate, url, warm_up)
    for file, name in ((json_file, "--json-file"), (html, "--html")):
        if file is not None and not file.parent.is_dir():
            raise typer.BadParameter(f"there is no folder {file.parent}: make it first.", param_hint=name)
    for value, name in ((timeout, "--timeout"), (server_rate, "--server-rate"), (duration, "--duration")):
        if value is not None and not 0 < value <= 1e9:
            raise typer.BadParameter(f"{value:g} is too small or too large: it must be above 0.", param_hint=name)
    if not 0 <= back_off <= 60:
        raise typer.BadParameter("from 0 to 60 seconds.", param_hint="--back-off")
    url = url or NOWHERE
    if not url.startswith(("http://", "https://")) or not transfer.origin(url):
        raise typer.BadParameter(
            f"{url!r} is not a URL: give the address an installer enters, such as http://127.0.0.1:8080/provision/.",
            param_hint="URL",
        )
    try:
        plan = Plan(pattern, ramp, jitter, rate, seed)
    except BadPlan as error:
        raise typer.BadParameter(str(error), param_hint="--ramp, --rate, --jitter") from None
    options = Options(
        folder(transfer.split_login(url)[0]),
        _desks(url, phones, models, macs, mac_start, user, password, seed),
        plan,
        Manners(connections, retries, back_off, skip_waits, seed=seed),
        Manner(timeout, keep_alive, verify=not insecure),
        duration,
        bool(warm_up) or pattern == "check-sync",
        allow_remote,
        Server(server_rate, server_workers, server_backlog, server_varying, seed=seed) if simulate else None,
    )
    try:
        report = _played(options, quiet)
    except CannotStorm as error:
        raise typer.BadParameter(str(error), param_hint="URL") from None
    text = msgspec.json.format(msgspec.json.encode(report), indent=2)
    if json_file is not None:
        json_file.write_bytes(text + b"\n")
    if html is not None:
        html.write_text(page.page(report), encoding="utf-8")
    typer.echo(text.decode() if json else words.text(report))
    raise typer.Exit(_status(report))


def _status(report: Report) -> int:
    if report.outcome == "interrupted":
        return 130
    return 0 if report.phones.ready == report.phones.total else 1


def _said(context: typer.Context) -> set[str]:
    """The options that stand on the command line."""
    return {name for name in context.params if getattr(context.get_parameter_source(name), "name", "") == "COMMANDLINE"}


def _consistent(said: set[str], pattern: str, simulate: bool, url: str, warm_up: bool | None) -> None:
    """What is said together must go together."""
    if not url and not simulate:
        raise typer.BadParameter("say which server, or --simulate for none.", param_hint="URL")
    if pattern == "rolling" and "ramp" in said:
        raise typer.BadParameter("a rolling restart has a --rate, and no ramp.", param_hint="--ramp")
    if pattern != "rolling" and "rate" in said:
        raise typer.BadParameter(f"is for --pattern rolling; {pattern} has a --ramp.", param_hint="--rate")
    if pattern == "check-sync" and warm_up is False:
        raise typer.BadParameter("a check-sync is told to phones that run: they boot first.", param_hint="--no-warm-up")
    if "macs" in said and "mac_start" in said:
        raise typer.BadParameter("the MAC addresses come from --macs: say one of the two.", param_hint="--mac-start")
    servers = sorted(name for name in said if name.startswith("server_"))
    if servers and not simulate:
        raise typer.BadParameter("goes with --simulate.", param_hint=f"--{servers[0].replace('_', '-')}")


def _desks(
    url: str,
    phones: int | None,
    models: str,
    macs: Path | None,
    mac_start: str,
    user: str,
    password: str,
    seed: int,
) -> list[Desk]:
    from device_emulator.fleet import roster

    hint = "--models"
    try:
        defaults = roster.Defaults(url, roster.mix(models), user, password)
        if macs is None:
            hint = "--mac-start, --phones"
            return roster.counted(mac_start, phones or 1000, defaults, seed)
        hint = "--macs"
        with macs.open(encoding="utf-8", newline="") as lines:
            desks = roster.read(lines, defaults, seed, phones)
    except roster.BadRoster as error:
        raise typer.BadParameter(str(error), param_hint=hint) from None
    if phones is not None and len(desks) < phones:
        raise typer.BadParameter(f"{macs} has {len(desks):,} phones, not {phones:,}.", param_hint="--phones")
    return desks


# ---- playing it


def _played(options: Options, quiet: bool) -> Report:
    from device_emulator.fleet import run

    with nullcontext(_nothing) if quiet else _shown() as tell:
        if options.server is None:
            return _live(options, tell)
        stopped: list[bool] = []

        def end(number: int, frame: object) -> None:
            stopped.append(True)
            signal.signal(signal.SIGINT, before)  # who asks twice does not want to wait

        before = signal.signal(signal.SIGINT, end)
        try:
            return run.simulate(options, tell, lambda: bool(stopped))
        finally:
            signal.signal(signal.SIGINT, before)


def _live(options: Options, tell: Callable[[Progress], None]) -> Report:
    import asyncio

    from device_emulator.fleet import run
    from pbxsim.cli.listen import loop_factory

    async def played() -> Report:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def end(number: int) -> None:
            stop.set()
            loop.remove_signal_handler(number)  # who asks twice does not want to wait

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, end, number)
        return await run.live(options, stop, tell)

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(played())


def _nothing(progress: Progress) -> None:
    pass


@contextmanager
def _shown() -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, else a line now and then; on standard error, so that the report stays apart."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    told = TextColumn("{task.fields[rate]:,} requests/s  [red]{task.fields[bad]}[/red]")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), told, TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None, rate=0, bad="")

        def show(progress: Progress) -> None:
            failures = f"{progress.failures:,} failures" if progress.failures else ""
            bar.update(
                task,
                description=progress.stage,
                total=progress.phones,
                completed=progress.ready + progress.gave_up,
                rate=progress.rate,
                bad=failures,
            )

        yield show


def _lines() -> Callable[[Progress], None]:
    from time import monotonic

    last = monotonic()

    def show(progress: Progress) -> None:
        nonlocal last
        if monotonic() - last < EVERY:
            return
        last = monotonic()
        failed = f", {progress.failures:,} failures" if progress.failures else ""
        typer.echo(
            f"{progress.stage}: {progress.seconds:.0f} s, {progress.ready:,} of {progress.phones:,} phones ready, "
            f"{progress.gave_up:,} gave up, {progress.rate:,} requests/s{failed}",
            err=True,
        )

    return show
