"""`pbxsim rules`: every rule, with its source and the test that proves it."""

from __future__ import annotations

from typing import Annotated

import typer


def rules(
    platform: Annotated[str, typer.Option(help="Only that platform's, such as jet.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Every rule of the simulated PBXs: its text, where it comes from, and the test that proves it."""
    import msgspec

    from pbxsim.platforms import PLATFORMS, all_rules

    if platform and platform not in PLATFORMS:
        known = ", ".join(sorted(PLATFORMS))
        typer.echo(f"pbxsim: there is no platform {platform!r}; known are {known}.", err=True)
        raise typer.Exit(2)
    shown = PLATFORMS[platform].rules if platform else all_rules()
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(shown), indent=2))
        return
    for rule in shown:
        choices = f" (of {', '.join(rule.choices)})" if rule.choices else ""
        switch = "" if rule.policy is None else f"\n  switch: {_said(rule.policy)}{choices} unless an account says"
        typer.echo(f"{rule.id}\n  {rule.text}\n  source: {rule.source}\n  test:   {rule.test}{switch}\n")


def _said(policy: bool | int | str) -> str:
    return ("off", "on")[policy] if isinstance(policy, bool) else str(policy)
