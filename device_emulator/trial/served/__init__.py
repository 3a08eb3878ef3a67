"""What is wrong with a server, judged by what a phone met there: a table of checks over a run, as `lint` has one over
files. Pure: the run is a value, and nothing is asked here."""

from __future__ import annotations

from device_emulator.lint import LIMIT, RANK, Finding, Given, check
from device_emulator.lint.findings import findings
from device_emulator.models import Model
from device_emulator.trial.exchanges import Boot
from device_emulator.trial.keep import Keep
from device_emulator.trial.served import exposure, outcome, stability
from device_emulator.trial.served.run import Rows, Run

__all__ = ["CHECKS", "judge"]

CHECKS: Rows = (*outcome.ROWS, *stability.ROWS, *exposure.ROWS)


def judge(boot: Boot, model: Model, before: Keep | None = None, limit: int | None = LIMIT) -> list[Finding]:
    """All findings, the gravest first: those of the server's behaviour, then those of its files."""
    fields = {name: getattr(boot, name) for name in Boot.__struct_fields__}
    run = Run(**fields, hardware=model, before=before)
    found = [finding for about, look in CHECKS for finding in findings(about, look(run), limit)]
    found += check(Given(run.sources, model), limit)
    return sorted(found, key=lambda one: -RANK[one.level])  # stable: within a level as found
