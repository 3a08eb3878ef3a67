"""The second step: the proof is verified against the plan, and the device gets what is its own. Pure.

What may be had is a table: the vendor's file names for this model and MAC, what it uploads, and the XML pages. A device
that proves itself sees nothing of any other: another's file is a 404 like any that does not exist.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from provisioning import digest, hotdesk, models
from provisioning.identify import Claim, deny
from provisioning.messages import Downloaded, Effect, FileFrozen, Files, FileStored, Missed, Request, Response
from provisioning.plan import Plan, normal_mac
from provisioning.render import etag, render, render_afresh
from provisioning.vendors import VENDORS
from provisioning.vendors.aastra_xml import CONTENT_TYPE as XML
from provisioning.vendors.contract import Kind

Answer = tuple[Response, tuple[Effect, ...]]

UPLOAD_LIMIT = 256 * 1024
"""Bytes of one uploaded file. (That a device has at most 8 of them is a property of the vendors' tables.)"""
_TEXT = "text/plain; charset=utf-8"
# What an unknown device is checked against. It is nobody's: `known` decides, after the same work.
_NOBODY = "no password"


class _Whole(NamedTuple):
    """What a GET is answered that sets no condition; HEAD and If-None-Match leave something out."""

    response: Response
    tag: str


def respond(request: Request, claim: Claim, plan: Plan | None, files: Files, now: int, key: bytes) -> Answer:
    """`plan` is what the source says of the claim, None for a device it does not know. `now` and `key` as in
    `identify`. LookupError for a plan of an unknown model: that is the source's fault, not the phone's."""
    known = plan is not None and claim.username in (plan.username, normal_mac(plan.username))
    right = digest.verify(claim.proof, request.method, plan.password if plan is not None else _NOBODY)
    if plan is None or not (known and right):
        denied = deny(now, key, request, claim.account)
        return denied.response, denied.effects
    model = models.find(plan.model)
    vendor = VENDORS[model.vendor]
    kind = vendor.files(model, plan.mac).get(claim.file)
    if kind is not None:
        whole = _planned(plan, kind)
        if whole is not None:
            return _configuration(request, claim, plan, whole)
        kept = _kept(claim.file, plan, files) if kind == "mac" else None
        return _configuration(request, claim, plan, _text(kept[0]), kept[1]) if kept is not None else (_ABSENT, ())
    if claim.file in vendor.uploads(plan.mac):
        return _uploaded(request, claim, plan, files)
    page = hotdesk.page(plan, claim, files) if claim.page != "file" else None
    if page is None:
        return _ABSENT, ()
    response, effects = _read(request, _whole(page[0], XML), page[1])
    if claim.page == "login" and (plan.log_in is None or plan.log_in.outcome == "wrong"):
        return response, (*effects, Missed(request.source, claim.account))  # somebody guesses at PINs, perhaps
    return response, effects


def saved(plan: Plan, files: Files, now: int) -> tuple[Effect, ...]:
    """The PBX has saved the device, or its user: what that freezes. Only `at_save` freezes anything."""
    return (_frozen(plan),) if plan.mode == "at_save" else ()


def _read(request: Request, whole: _Whole, effects: tuple[Effect, ...] = ()) -> Answer:
    if request.method not in ("GET", "HEAD"):
        return _not_allowed("GET, HEAD"), ()
    return _serve(request, whole), effects if request.method == "GET" else ()  # HEAD is safe: nothing follows from it


def _configuration(
    request: Request, claim: Claim, plan: Plan, whole: _Whole, effects: tuple[Effect, ...] = ()
) -> Answer:
    if request.method != "GET":
        return _read(request, whole)
    response = _serve(request, whole)
    return response, (*effects, Downloaded(plan.device, claim.file, response.status, whole.tag))


def _kept(name: str, plan: Plan, files: Files) -> tuple[bytes, tuple[Effect, ...]] | None:
    """The device's own file where the plan alone does not make it, and what follows from having made it; None if there
    is none now."""
    frozen = files.get((plan.device, name))
    if frozen is not None:
        return frozen, ()
    if plan.mode == "at_login":
        return None
    effect = _frozen(plan)  # the first fetch of a device that was never saved since this server knows it
    return effect.body, (effect,)


@lru_cache(maxsize=2048)
def _planned(plan: Plan, kind: Kind) -> _Whole | None:
    """The answer that depends on the plan and nothing else, as nearly all do that a site asks for when it boots; made
    when it is asked for, and kept for as many as ask again soon. None if there is no such file, or it is frozen."""
    if kind == "boot":
        model = models.find(plan.model)
        return _whole(VENDORS[model.vendor].boot(model, plan.mac), _TEXT) if plan.boot_files else None
    if kind == "mac" and plan.mode != "live":
        return None
    rendered = render(plan, kind) if kind == "common" else render_afresh(plan, kind)  # kept once is enough
    return _whole(rendered.body, _TEXT, rendered.etag)


def _frozen(plan: Plan) -> FileFrozen:
    name = VENDORS[models.find(plan.model).vendor].own_file(plan.mac)
    return FileFrozen(plan.device, name, render(plan, "mac").body)


def _uploaded(request: Request, claim: Claim, plan: Plan, files: Files) -> Answer:
    """A file of the phone's own making: it puts it here and reads it back."""
    body = files.get((plan.device, claim.file))
    if request.method == "PUT":
        if len(request.body) > UPLOAD_LIMIT:
            return _plain(413, f"At most {UPLOAD_LIMIT} bytes.\n".encode()), ()
        stored = FileStored(plan.device, claim.file, request.body)
        return Response(201 if body is None else 204, (("ETag", etag(request.body)),)), (stored,)
    if request.method not in ("GET", "HEAD"):
        return _not_allowed("GET, HEAD, PUT"), ()
    if body is None:
        return _ABSENT, ()
    return _serve(request, _whole(body, XML if claim.file.endswith(".xml") else _TEXT)), ()


def _whole(body: bytes, content_type: str, tag: str = "") -> _Whole:
    tag = tag or etag(body)
    headers = (("Content-Type", content_type), ("Content-Length", str(len(body))), ("ETag", tag))
    return _Whole(Response(200, headers, body), tag)


@lru_cache(maxsize=4096)
def _text(body: bytes) -> _Whole:
    """For frozen files, which are asked for again and again; what phones upload is not kept in mind."""
    return _whole(body, _TEXT)


def _serve(request: Request, whole: _Whole) -> Response:
    wanted = request.header("if-none-match")
    if wanted and _matches(wanted, whole.tag):
        return Response(304, (("ETag", whole.tag),))
    return Response(200, whole.response.headers) if request.method == "HEAD" else whole.response


def _matches(wanted: str, tag: str) -> bool:
    """RFC 9110 If-None-Match: '*' or a list; compared weakly."""
    return wanted.strip() == "*" or tag in re.findall(r'"[^"]*"', wanted)


def _not_allowed(allow: str) -> Response:
    response = _plain(405, f"Use {allow}.\n".encode())
    return Response(405, (("Allow", allow), *response.headers), response.body)


def _plain(status: int, body: bytes) -> Response:
    return Response(status, (("Content-Type", _TEXT), ("Content-Length", str(len(body)))), body)


_ABSENT = _plain(404, b"There is no such file.\n")
