"""Requests to the service desk: what a customer may not do himself (C6)."""

from __future__ import annotations

from pbxsim.core.commands import AddRequest, FulfilRequest, RejectRequest

REQUESTS = "/accounts/{account}/requests"
ROUTES = (
    ("GET", REQUESTS, "items"),
    ("POST", REQUESTS, "add", AddRequest),
    ("GET", REQUESTS + "/{request}", "item"),
    ("POST", REQUESTS + "/{request}/fulfil", "act", FulfilRequest),
    ("POST", REQUESTS + "/{request}/reject", "act", RejectRequest),
)
