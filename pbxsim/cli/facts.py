"""`pbxsim facts`: what the emulated phones' firmware is known to do, with the evidence for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.text import Text

    from device_emulator.facts import Fact

WIDTH = 110  # where no terminal says how wide it is
_COLOURS = {
    "source code": "green",
    "vendor guide": "green",
    "issue": "cyan",
    "public page": "cyan",
    "inferred": "yellow",
    "decided": "magenta",
    "unverified": "magenta",
}


def facts(
    word: Annotated[str, typer.Argument(help="Only those with this in their id or text, such as check-sync.")] = "",
    brand: Annotated[str, typer.Option(help="Only that brand's, such as yealink.")] = "",
    knobs: Annotated[bool, typer.Option("--knobs", help="Only those that one phone may differ in.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Every fact of firmware that the emulated phones go by: what, for which releases, how it is known, from where.

    A fact that nobody has published is a knob: `pbxsim phone --knob ID=VALUE` boots a phone that differs in it.
    """
    from device_emulator.firmware import FACTS

    brands = sorted({fact.vendor for fact in FACTS.values()})
    if brand and brand not in brands:
        typer.echo(f"pbxsim: there is no brand {brand!r}; known are {', '.join(brands)}.", err=True)
        raise typer.Exit(2)
    found = [
        fact
        for fact in sorted(FACTS.values(), key=lambda fact: fact.id)
        if (not brand or fact.vendor == brand) and (fact.knob or not knobs) and _speaks_of(fact, word)
    ]
    if as_json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode([_row(fact) for fact in found]), indent=2))
        return
    if not found:
        typer.echo(f"pbxsim: no fact speaks of {word!r}." if word else "pbxsim: there is none.", err=True)
        raise typer.Exit(1)
    _print(found)


def _speaks_of(fact: Fact[Any], word: str) -> bool:
    return word.lower() in f"{fact.id} {fact.text}".lower()


def _row(fact: Fact[Any]) -> dict[str, Any]:
    """A fact for programs. `otherwise` is what holds for other releases than those of the fact, null if it is for all
    or if the same holds; `releases` says in words which those are."""
    return {
        "id": fact.id,
        "brand": fact.vendor,
        "releases": fact.releases,
        "text": fact.text,
        "value": fact.value,
        "otherwise": fact.otherwise,
        "evidence": fact.evidence,
        "source": fact.source,
        "knob": fact.knob,
    }


def _print(found: list[Fact[Any]]) -> None:
    from rich.console import Console
    from rich.padding import Padding

    from device_emulator.facts import said

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    for fact in found:
        console.print(_head(fact))
        for line in (fact.text, f"value: {said(fact.value)}{_otherwise(fact)}", f"source: {fact.source}"):
            console.print(Padding(_plain(line), (0, 0, 0, 4), expand=False))
        console.print()
    count = sum(fact.knob for fact in found)
    console.print(f"{len(found)} facts, {count} of them knobs", style="dim")


def _head(fact: Fact[Any]) -> Text:
    from rich.text import Text

    head = Text(fact.id, style="bold")
    head.append(f"  {fact.evidence}", style=_COLOURS[fact.evidence])
    if fact.releases:
        head.append(f"  {fact.releases}", style="dim")
    if fact.knob:
        head.append("  knob", style="dim")
    return head


def _plain(line: str) -> Text:
    """Text as it is: brackets in it are no markup."""
    from rich.text import Text

    return Text(line)


def _otherwise(fact: Fact[Any]) -> str:
    from device_emulator.facts import said

    return "" if fact.otherwise is None else f" (other releases: {said(fact.otherwise)})"
