"""Every error that the API answers is made here: RFC 9457 `application/problem+json`, one shape for all.

Errors are raised where they are known and know nothing of HTTP. `Problem` is for what only a server can find wrong with
a request; `describe` gives each error of the tree in `core/refusals.py` its status, its code and what else it carries.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from aiohttp import web
from msgspec import Struct

from pbxsim.core.refusals import (
    Blocker,
    Forbidden,
    ForeignHandle,
    Gone,
    Invalid,
    NotFound,
    NotReady,
    NotSettled,
    Refused,
    Unavailable,
)
from pbxsim.server.views import iso

log = logging.getLogger("pbxsim.server")

Headers = tuple[tuple[str, str], ...]


class Answer(Struct, frozen=True):
    """What a handler has to say: `value` is plain data, sent as JSON; None is sent as nothing."""

    status: int
    value: Any = None
    headers: Headers = ()


# RFC 9110's phrases, written out: the standard library's change with its version, and an answer must not.
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    410: "Gone",
    412: "Precondition Failed",
    413: "Content Too Large",
    421: "Misdirected Request",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

Reply = Answer | web.StreamResponse  # what a handler returns: only a stream is no plain answer


class Problem(Exception):
    """Something is wrong with the request itself. `more` goes into the document beside the usual members."""

    def __init__(self, status: int, code: str, detail: str, headers: Headers = (), **more: Any) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers, self.more = status, code, detail, headers, more


def malformed(detail: str) -> Problem:
    """400: it cannot be read at all, so that there is nothing to point at."""
    return Problem(400, "malformed", detail)


def describe(error: Exception, instance: str, prefix: str = "") -> Answer:
    """The answer to any exception. `instance` is the path that was asked for; `prefix` (/w/<world>, or '') is what the
    requests that would remove a blocker must begin with."""
    match error:
        case Refused():
            status = 403 if isinstance(error, Forbidden) else 409
            code = "forbidden" if status == 403 else "blocked" if error.blockers else "refused"
            return _answer(status, code, error.title, _sentence(error.detail), instance, (), _refused(error, prefix))
        case Problem():
            return _plain(error.status, error.code, error.detail, instance, error.headers, **error.more)
        case Invalid():
            faults = [{"pointer": fault.pointer, "message": fault.message} for fault in error.faults]
            count = "A value is" if len(faults) == 1 else f"{len(faults)} values are"
            return _plain(422, "invalid", f"{count} invalid; nothing was changed.", instance, errors=faults)
        case ForeignHandle():
            return _plain(422, "invalid", str(error), instance)
        case NotFound():
            return _plain(404, "not-found", str(error), instance)
        case Gone():
            return _plain(410, "gone", str(error), instance)
        case NotReady():
            return _plain(409, "not-ready", str(error), instance, screen=error.screen)
        case NotSettled():
            return _plain(409, "not-settled", str(error), instance, busy=error.who)
        case Unavailable():
            detail = str(error) or "The store cannot commit; nothing of this request was kept."
            return _plain(503, "unavailable", detail, instance, (("Retry-After", "1"),))
        case web.HTTPRequestEntityTooLarge():
            return _plain(413, "too-large", "The body is larger than 1 MiB.", instance)
        case web.RequestPayloadError():
            # What follows on this connection cannot be read either, and aiohttp closes it.
            detail = "The body cannot be read: it is not encoded as its headers say."
            return _plain(400, "malformed", detail, instance, (("Connection", "close"),))
        case _:
            log.error("Answering %s failed.", instance, exc_info=error)
            return _plain(500, "internal", "The server has made an error, and logged it.", instance)


def _refused(error: Refused, prefix: str) -> dict[str, Any]:
    source = _sources().get(error.rule, "")
    return {
        "type": f"/rules/{error.rule}",
        "rule": error.rule,
        "source": {"title": source},
        "blockers": [_blocker(blocker, prefix) for blocker in error.blockers],
    }


def _blocker(blocker: Blocker, prefix: str) -> dict[str, Any]:
    more = dict(blocker.more)
    for name in ("since", "expires"):
        if more.get(name) is not None:
            more[name] = iso(more[name])
    request = blocker.request and {"method": blocker.request[0], "path": prefix + blocker.request[1]}
    shown = {"kind": blocker.kind, "id": blocker.id, "name": blocker.name}
    return {**shown, **more, "do": blocker.do, "request": request}


def _plain(status: int, code: str, detail: str, instance: str, headers: Headers = (), **more: Any) -> Answer:
    return _answer(status, code, TITLES[status], _sentence(detail), instance, headers, more)


def _answer(
    status: int, code: str, title: str, detail: str, instance: str, headers: Headers, more: Mapping[str, Any]
) -> Answer:
    value = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "instance": instance,
        **more,
    }
    return Answer(status, value, headers)


def _sentence(text: str) -> str:
    """it is ACTIVE -> It is ACTIVE."""
    return f"{text[:1].upper()}{text[1:]}." if text and not text.endswith(".") else text


@cache
def _sources() -> dict[str, str]:
    from pbxsim.platforms import all_rules

    return {rule.id: rule.source for rule in all_rules()}
