"""`pbxsim demo`: two small offices and their phones, on a virtual clock, with a page to play with."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

PORT = 8090
TRY = """\
Three things to try:
  1. At Acme (Jet), delete John Smith. You are told everything that holds him: his phone, a queue, two callflows.
  2. At Voxco (PISTON), log in at an Aastra with 204 and 4711. Rename Anna Lee, then power-cycle her Yealink and that
     Aastra (Settle saves you the wait): one shows the new name, the other only after "Log Out" on the phone and a new
     log-in.
  3. Pull John's power cable. He is logged in still; one hour later he is not."""


def demo(
    context: typer.Context,
    port: Annotated[
        int,
        typer.Option(help="The port to listen on; 0 takes a free one. Default: this, or a free one if it is taken."),
    ] = PORT,
    seed: Annotated[
        Path | None, typer.Option(help="Another YAML file to begin with.", exists=True, dir_okay=False)
    ] = None,
    rate: Annotated[float, typer.Option(min=0, help="Seconds a second of the virtual clock.")] = 1.0,
) -> None:
    """Start two small offices, in memory, and a page to play with."""
    from pbxsim.cli.listen import CannotServe, Plan, bind, run
    from pbxsim.cli.serve import planter
    from pbxsim.seeds import DEMO
    from pbxsim.world import World

    planting = planter(seed or DEMO)

    def begin(world: World) -> None:
        planting(world)
        world.settle()  # whoever looks for the first time sees phones that are up

    def told(address: str, token: str | None) -> None:
        api = f"curl -H 'Authorization: Bearer {token}' {address}/api/v1/phones"
        if moved:
            typer.echo(f"Port {PORT} is taken: the demo has another one.")
        typer.echo(f"\nThe demo is at {address}\nLog in with the password {token}\n\n{TRY}\n")
        typer.echo(f"The password is the API's token as well:\n  {api}\n\nStop with Ctrl-C.")

    moved = False
    if getattr(context.get_parameter_source("port"), "name", "") != "COMMANDLINE":  # nobody asked for this very port
        try:
            bind("127.0.0.1", port).close()
        except CannotServe:
            port, moved = 0, True
    password = secrets.token_urlsafe(16)
    run(Plan("127.0.0.1", port, None, begin, "virtual", rate, token=password), told)
