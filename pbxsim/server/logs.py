"""What the server says while it runs: on standard error, a line each, for people or (`json`) for programs.

Every line has the id of the request that it was written for. Values that somebody sent are escaped in both formats, so
that nobody writes lines of his own.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal

from pbxsim.server.watch import current

Format = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]


class _Named(logging.Filter):
    """Adds the request's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get()
        return True


class _Text(logging.Formatter):
    """2025-01-01 00:00:00,000 INFO pbxsim.access GET /healthz 200 [3f2a…]."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        head, mark, trace = text.partition("\nTraceback")
        id_ = getattr(record, "request_id", "")
        told = "".join(f"\n    {_printable(line)}" for line in f"{mark}{trace}".splitlines() if line)
        return f"{_printable(head)}{f' [{id_}]' if id_ else ''}{told}"


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


class _Noise(logging.Filter):
    """Whoever speaks no HTTP, or sends a body that cannot be read, gets his 400; a line and a traceback for each would
    be his to write."""

    def filter(self, record: logging.LogRecord) -> bool:
        from aiohttp.http_exceptions import HttpProcessingError
        from aiohttp.web import RequestPayloadError

        return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError | RequestPayloadError))


def handler(format_: Format) -> logging.Handler:
    """Writes to standard error."""
    made = logging.StreamHandler(sys.stderr)
    made.addFilter(_Named())
    made.setFormatter(_json() if format_ == "json" else _Text("%(asctime)s %(levelname)s %(name)s %(message)s"))
    return made


def begin(format_: Format, level: Level) -> None:
    """From here on. What libraries say of their own is told from warnings on."""
    root = logging.getLogger()
    root.handlers[:] = [handler(format_)]
    root.setLevel(max(logging.WARNING, getattr(logging, level.upper())))
    logging.getLogger("aiohttp.server").filters[:] = [] if level == "debug" else [_Noise()]
    for name in ("pbxsim", "provisioning"):
        logging.getLogger(name).setLevel(level.upper())


def _json() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    return JsonFormatter(
        ["levelname", "name", "message", "request_id"],
        rename_fields={"levelname": "level", "name": "logger"},
        timestamp="time",
        json_ensure_ascii=True,
    )
