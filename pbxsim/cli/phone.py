"""`pbxsim phone URL`: one desk phone against any provisioning server. The emulator's own program does it all."""

from __future__ import annotations

import typer


def phone(context: typer.Context) -> None:
    """Boot an emulated desk phone against a provisioning server, and say what it would show."""
    from device_emulator.trial.program import main

    raise typer.Exit(main(context.args or ["--help"]))
