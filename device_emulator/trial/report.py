"""The report of a run as data: what `pbxsim phone --json` prints. Field names are stable; new ones may come."""

from __future__ import annotations

from typing import Any

import msgspec

from device_emulator.firmware import of
from device_emulator.lint import Finding
from device_emulator.lint.findings import secret, shown, some, uncredited
from device_emulator.lint.grammar import restarts
from device_emulator.models import Model
from device_emulator.trial.exchanges import Boot, Served, brand, read

MASK = "********"


def document(boot: Boot, model: Model, found: list[Finding], status: int, secrets: bool = False) -> dict[str, Any]:
    """Everything, in plain JSON values. Secrets are asterisks unless asked for, also those in addresses."""
    told = _document(boot, model, found, status, secrets)
    return told if secrets else _uncredited(told)


def _uncredited(value: Any) -> Any:
    if isinstance(value, str):
        return uncredited(value)
    if isinstance(value, dict):
        return {uncredited(key): _uncredited(one) for key, one in value.items()}
    return [_uncredited(one) for one in value] if isinstance(value, list | tuple) else value


def _document(boot: Boot, model: Model, found: list[Finding], status: int, secrets: bool) -> dict[str, Any]:
    return {
        "format": 1,
        "phone": {
            "model": boot.model,
            "firmware": model.version,
            "knobs": dict(model.knobs),
            "mac": boot.mac,
            "user_agent": of(model).user_agent(model, boot.mac),
        },
        "server": boot.server if secrets else shown(boot.server),
        "usable": boot.usable,
        "exit_status": status,
        "verdict": verdict(boot),
        "requests": [plain(one) for one in boot.exchanges],
        "runs": [plain(one) for one in boot.reports],
        "files": [_file(one, model, secrets) for one in boot.files],
        "screen": plain(boot.screen),
        "registrations": list(boot.registrations),
        "settings": {key: value if secrets else covered(key, value) for key, value in boot.settings.items()},
        "reboot_keys": reboot_keys(boot, model),
        "resources": [{key: value for key, value in plain(one).items() if key != "body"} for one in boot.resources],
        "findings": [plain(one) for one in found],
        "waited_seconds": boot.waited,
        "real_time": boot.real,
        "truncated": boot.truncated,
    }


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return msgspec.to_builtins(value)


def covered(key: str, value: str) -> str:
    """A value, or asterisks for that of a secret."""
    return MASK if value and secret(key) else uncredited(value)


def _file(served: Served, model: Model, secrets: bool) -> dict[str, Any]:
    source = read(served, model)
    pairs = [{"key": k, "value": v if secrets else covered(k, v), "line": line} for k, v, line in source.pairs]
    return {
        "file": served.file,
        "url": served.url,
        "size": len(served.body),
        "md5": served.digest,
        "part": source.part,
        "accepted": source.accepted,
        "pairs": pairs,
        "ignored": [] if source.boot else [{"line": one.line, "reason": one.text} for one in source.config.faults],
    }


def reboot_keys(boot: Boot, model: Model) -> list[str]:
    """The keys in force whose change restarts the phone."""
    return [key for key in boot.settings if restarts(brand(model), key)]


def verdict(boot: Boot) -> str:
    """Has it worked, in a line; and if not, what was missing."""
    if boot.usable:
        what = f"registers {some(boot.registrations, 3)}" if boot.registrations else "asks who is there"
        return f"OK: the phone ends with a configuration that it fetched, and {what}."
    missing = [one.file for one in boot.exchanges if one.status not in (200, 401) and one.purpose == "boot"]
    why = f"; not found or not given: {some(dict.fromkeys(missing))}" if missing else ""
    if boot.fetched:
        return f"FAILED: what the phone fetched gives it no account and asks for no log-in{why}."
    return f"FAILED: the phone did not get a configuration of its own{why}."
