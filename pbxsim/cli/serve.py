"""`pbxsim serve`: a world behind HTTP, kept in a file."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from pbxsim.server.engine import Seed
    from pbxsim.server.postman import MailServer


def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(help="The address to listen on; others than loopback let others in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.")] = 8080,
    db: Annotated[
        Path | None, typer.Option(help="The database file. Default: in the user's data directory.", dir_okay=False)
    ] = None,
    memory: Annotated[bool, typer.Option("--memory", help="Keep nothing: the world ends with the server.")] = False,
    seed: Annotated[
        Path | None, typer.Option(help="A YAML file that a new world begins with.", exists=True, dir_okay=False)
    ] = None,
    clock: Annotated[Literal["real", "virtual"], typer.Option(help="What a new world's clock does.")] = "real",
    rate: Annotated[float, typer.Option(min=0, help="Seconds a second, on a virtual clock; 0 stands.")] = 1.0,
    token_file: Annotated[
        Path | None, typer.Option(help="Write a new operator's token there (mode 0600) instead of showing it.")
    ] = None,
    new_token: Annotated[
        bool, typer.Option("--new-token", help="Make a new operator's token; the old one ends.")
    ] = False,
    require_world: Annotated[
        bool, typer.Option("--require-world", help="Refuse API requests that name no world.")
    ] = False,
    forks_expire: Annotated[
        float, typer.Option(min=0, max=8760, help="Hours after which a fork ends that nobody uses; 0: never.")
    ] = 24.0,
    smtp: Annotated[
        str | None, typer.Option(help="Send main's mail by this server, host:port. Without it the outbox keeps all.")
    ] = None,
    mail_from: Annotated[str | None, typer.Option(help="The address that mail comes from; needed with --smtp.")] = None,
    smtp_user: Annotated[
        str | None,
        typer.Option(help="Log in there as this user; the password is read from a file, or from PBXSIM_SMTP_PASSWORD."),
    ] = None,
    smtp_password_file: Annotated[
        Path | None, typer.Option(help="The file whose first line is that password.", exists=True, dir_okay=False)
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(help="Where phones and people find this server, such as https://pbx.example.com. Default: HOST."),
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="Another name by which it may be asked. Can be said again.")
    ] = None,
    allow_webhook_target: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST[:PORT]",
            help="Let webhooks reach this name, address or network, which is not public or no port of the web. "
            "Can be said again.",
        ),
    ] = None,
    log_format: Annotated[Literal["text", "json"], typer.Option(help="How the log on standard error reads.")] = "text",
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], typer.Option(help="From where on; info has every request.")
    ] = "warning",
    stop_timeout: Annotated[
        float, typer.Option(min=0, max=600, help="Seconds that answers under way have when it is stopped.")
    ] = 10.0,
) -> None:
    """Serve the API, the page and the provisioning server."""
    from pbxsim.cli.listen import CannotServe, Plan, run, write_token

    if token_file is not None and not (token_file.parent.is_dir() and not token_file.is_dir()):
        raise typer.BadParameter("must be a file in a folder that exists.", param_hint="--token-file")
    if memory and db is not None:
        raise typer.BadParameter("--memory keeps nothing, so it goes without --db.", param_hint="--memory")
    post = mail_server(smtp, mail_from, smtp_user, smtp_password_file)
    origin, names = public(public_url)
    targets = webhook_targets(allow_webhook_target or [])
    file = None if memory else db or default_file()

    def told(address: str, token: str | None) -> None:
        typer.echo(f"pbxsim is at {address} (API: {address}/api/v1)")
        typer.echo(f"The world is {'in memory' if file is None else f'kept in {file}'}; {told_clock}.")
        if token is not None and token_file is not None:
            write_token(token_file, token)
            typer.echo(f"The operator's token is in {token_file}.")
        elif token is not None:
            typer.echo(f"The operator's token, shown this once: {token}")
        else:
            typer.echo("The operator's token is that of the first start (--new-token makes another).")
        typer.echo("Stop with Ctrl-C.")

    old = file is not None and file.exists()
    said = {
        name for name in ("clock", "rate") if getattr(context.get_parameter_source(name), "name", "") == "COMMANDLINE"
    }
    if old and said:
        raise CannotServe(f"{file} has a world already, and its own clock; --clock and --rate are for a new world.")
    if clock == "real" and "rate" in said:
        raise typer.BadParameter("a real clock has no rate: say --clock virtual with it.", param_hint="--rate")
    told_clock = "its clock goes on as it was" if old else "its clock is the real one"
    if not old and clock == "virtual":
        told_clock = f"its clock is virtual, at {rate:g} seconds a second"
    planting = None
    if seed is not None:
        if old:
            raise CannotServe(f"{file} has a world already; --seed is for a new one. Say --db with a new file.")
        planting = planter(seed)
    plan = Plan(host, port, file, planting, clock, rate, new_token=new_token, require_world=require_world, post=post)
    plan.origin, plan.names, plan.webhook_targets = origin, (*names, *(allow_host or ())), targets
    plan.log_format, plan.log_level, plan.patience = log_format, log_level, stop_timeout
    plan.expiry = timedelta(hours=forks_expire)
    run(plan, told)


def public(url: str | None) -> tuple[str, tuple[str, ...]]:
    """(the origin that phones are given, its host's name); ('', ()) for none."""
    from urllib.parse import urlsplit

    if url is None:
        return "", ()
    try:
        parts = urlsplit(url.rstrip("/"))
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0
        wrong = bool(wrong or parts.path or parts.query or parts.fragment)
    except ValueError:
        wrong = True
    if wrong or "@" in url:
        raise typer.BadParameter(
            f"must be scheme and host such as https://pbx.example.com:8443, not {url!r}.", param_hint="--public-url"
        )
    return f"{parts.scheme}://{parts.netloc}", (str(parts.hostname),)


def webhook_targets(texts: list[str]) -> tuple[str, ...]:
    """What was allowed, tried now so that its faults are told at once."""
    from pbxsim.server.targets import Allowed, BadTarget

    for text in texts:
        try:
            Allowed.parse(text)
        except BadTarget as error:
            raise typer.BadParameter(f"{error}.", param_hint="--allow-webhook-target") from None
    return tuple(texts)


def mail_server(
    smtp: str | None, mail_from: str | None, user: str | None, password_file: Path | None
) -> MailServer | None:
    """Where mail is handed over, None for nowhere. Whatever is missing or wrong is told now."""
    from pbxsim.core.values import email
    from pbxsim.server.postman import MailServer

    if smtp is None:
        for name, value in (("mail-from", mail_from), ("smtp-user", user), ("smtp-password-file", password_file)):
            if value is not None:
                raise typer.BadParameter("goes with --smtp host:port.", param_hint=f"--{name}")
        return None
    host, _, port = smtp.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise typer.BadParameter(f"must be host:port such as mail.example.com:587, not {smtp!r}.", param_hint="--smtp")
    try:
        if not mail_from:
            raise ValueError("is needed with --smtp: the address that mail comes from")
        sender = email(mail_from)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--mail-from") from None
    return MailServer(host, int(port), sender, user or "", _password(user, password_file))


def _password(user: str | None, file: Path | None) -> str:
    """From the file, else from the environment: never from the command line, where others see it."""
    if file is not None:
        password = file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    else:
        password = os.environ.get("PBXSIM_SMTP_PASSWORD", "") if user else ""
    if user and not password:
        raise typer.BadParameter(
            "needs --smtp-password-file, or the environment variable PBXSIM_SMTP_PASSWORD.", param_hint="--smtp-user"
        )
    if file is not None and not user:
        raise typer.BadParameter("goes with --smtp-user.", param_hint="--smtp-password-file")
    return password


def planter(path: Path) -> Seed:
    """What plays a seed file into a new world; the file is read and tried now, so that its faults are told at once."""
    from pbxsim.seeds import load
    from pbxsim.world import World

    load(World(), path)
    return lambda world: load(world, path)


def default_file() -> Path:
    """Where the world is kept if nobody says otherwise; its folder is made, for the user alone."""
    from platformdirs import user_data_path

    folder = user_data_path("pbxsim", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / "pbxsim.sqlite3"
