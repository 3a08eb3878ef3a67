"""The command line: one file a command, listed here. Heavy things are imported where a command needs them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pbxsim import __version__
from pbxsim.cli.db import db
from pbxsim.cli.demo import demo
from pbxsim.cli.facts import facts
from pbxsim.cli.lint import lint
from pbxsim.cli.models import models
from pbxsim.cli.phone import phone
from pbxsim.cli.rules import rules
from pbxsim.cli.serve import serve
from pbxsim.cli.storm import EPILOG, storm
from pbxsim.core.refusals import PbxsimError

app = typer.Typer(
    name="pbxsim",
    help="A hosted PBX, its provisioning server and its desk phones, simulated.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve)
app.command()(demo)
app.add_typer(db, name="db")
_PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
app.command(context_settings=_PASSED_ON, add_help_option=False)(phone)
app.command(context_settings=_PASSED_ON, add_help_option=False)(lint)
app.command(epilog=EPILOG)(storm)
app.command()(rules)
app.command()(models)
app.command()(facts)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pbxsim {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which.")] = False,
) -> None:
    pass


def main() -> None:
    """What the `pbxsim` command runs. What a user can do something about is told in words, without a traceback."""
    try:
        app()
    except PbxsimError as error:
        typer.echo(f"pbxsim: {error}", err=True)
        sys.exit(1)
