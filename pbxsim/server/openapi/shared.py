"""What many operations share: the parameters, the headers, and the errors, in the one shape that they all have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pbxsim.server import auth
from pbxsim.server.call import WORLD
from pbxsim.server.openapi.schemas import Schema
from pbxsim.server.problems import TITLES

Json = dict[str, Any]

# code -> what it means; the statuses are in CODES_OF.
CODES_OF: Mapping[int, tuple[str, ...]] = {
    400: ("malformed",),
    401: ("unauthorized",),
    403: ("forbidden",),
    404: ("not-found",),
    405: ("method-not-allowed",),
    409: ("blocked", "refused", "not-ready", "not-settled"),
    410: ("gone",),
    412: ("stale",),
    413: ("too-large",),
    421: ("misdirected",),
    422: ("invalid",),
    429: ("throttled",),
    500: ("internal",),
    503: ("unavailable",),
}
MEANINGS: Mapping[int, str] = {
    400: "It cannot be read: no JSON object, a name twice in one, two worlds named.",
    401: "No token, or a wrong one.",
    403: "The role of whoever asks does not reach this far; `rule` and `blockers` as in a refusal.",
    404: "There is no such thing.",
    409: "A rule says no (`rule` and `type` name it, `blockers` is everything in the way), or a phone is not asking "
    "for this, or somebody is still busy.",
    410: "The world has ended, or the thing was deleted meanwhile.",
    412: "If-Match names another revision.",
    413: "The body is too large.",
    421: "The Host header names another machine.",
    422: "Values are wrong; `errors` lists all of them.",
    429: "Too many attempts; `Retry-After` says when to come back.",
    500: "An error of the server's own, which it has logged.",
    503: "The store cannot commit; nothing of the request was kept.",
}
EVERY = (400, 401, 403, 404, 410, 421, 422, 429, 500, 503)
WRITES = (409, 413)


def parameters() -> Json:
    text = {"type": "string"}
    return {
        "World": {
            "name": WORLD,
            "in": "header",
            "description": "The world that is meant; `main` if none is named.",
            "schema": {**text, "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"},
        },
        "Actor": {
            "name": auth.ACTOR,
            "in": "header",
            "description": "Act as somebody else: `operator`, `service-desk` or `user:<account>/<id or extension>`.",
            "schema": {**text, "pattern": "^(?:operator|service-desk|user:[^/]+/.+)$"},
        },
        "DryRun": {
            "name": "dry_run",
            "in": "query",
            "description": "Only try: answers the events that it would cause, and changes nothing.",
            "schema": {"type": "boolean", "default": False},
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same request with the same key is done once, and gets the same answer.",
            "schema": {**text, "minLength": 1, "maxLength": 256},
        },
        "IfMatch": {
            "name": "If-Match",
            "in": "header",
            "description": "The ETag that the thing must still have.",
            "schema": {**text, "examples": ['"1"']},
        },
    }


def headers() -> Json:
    text = {"type": "string"}
    return {
        "ETag": {"description": "The revision.", "schema": {**text, "pattern": '^"[^"]*"$'}},
        "Location": {"description": "Where it is.", "schema": {**text, "format": "uri-reference"}, "required": True},
        "RetryAfter": {"description": "Seconds.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
        "WWWAuthenticate": {"description": "How to say who you are.", "schema": text, "required": True},
    }


def problem(status: int) -> Json:
    answer: Json = {
        "description": f"{TITLES.get(status, '')}: {MEANINGS[status]}".removeprefix(": "),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    header = {
        401: ("WWW-Authenticate", "WWWAuthenticate"),
        429: ("Retry-After", "RetryAfter"),
        503: ("Retry-After", "RetryAfter"),
    }.get(status)
    if header is not None:
        answer["headers"] = {header[0]: {"$ref": f"#/components/headers/{header[1]}"}}
    return answer


def problem_schema() -> Schema:
    codes = [code for of_status in CODES_OF.values() for code in of_status]
    blocker = {
        "type": "object",
        "description": "One thing in the way, what to `do` about it, and the `request` that does it, if one does.",
        "properties": {
            "kind": {"type": "string"},
            "id": {"type": "string"},
            "name": {"type": "string"},
            "do": {"type": "string"},
            "request": {
                "anyOf": [
                    {
                        "type": "object",
                        "properties": {"method": {"type": "string"}, "path": {"type": "string"}},
                        "required": ["method", "path"],
                    },
                    {"type": "null"},
                ]
            },
        },
        "required": ["kind", "id", "name", "do", "request"],
    }
    return {
        "type": "object",
        "description": "RFC 9457. `type` is `/rules/<id>` where a rule refuses; that page says what it says, and who.",
        "properties": {
            "type": {"type": "string", "pattern": "^(?:about:blank|/rules/[a-z0-9.-]+)$"},
            "title": {"type": "string", "minLength": 1},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "code": {"enum": codes},
            "detail": {"type": "string"},
            "instance": {"type": "string"},
            "rule": {"type": "string"},
            "source": {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]},
            "blockers": {"type": "array", "items": blocker},
            "errors": {
                "type": "array",
                "description": "Every wrong value, by JSON pointer into the body, or `/` and a parameter's name.",
                "items": {
                    "type": "object",
                    "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
                    "required": ["pointer", "message"],
                    "additionalProperties": False,
                },
            },
            "screen": {"type": "string", "description": "What the phone shows (`not-ready`)."},
            "busy": {"type": "object", "description": "Who is busy with what (`not-settled`)."},
        },
        "required": ["type", "title", "status", "code", "detail", "instance"],
        "dependentRequired": {"rule": ["source", "blockers"]},
    }
