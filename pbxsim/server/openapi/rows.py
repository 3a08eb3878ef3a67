"""What the tables of routes do not say, for the document: the answer, the query and the body of each operation.

A row of a ROUTES table whose handler all nouns share says all there is (see `resource`); every other needs a row here,
by its method and path, and a test looks whether it has one. `id` is the operation's name where the path makes no good
one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from pbxsim.core import commands as c
from pbxsim.core.offboarding import Wish
from pbxsim.server.api import calls, clock, mailboxes, numbers, outside, phones, tokens, users, webhooks, worlds
from pbxsim.server.openapi import shapes as s
from pbxsim.server.openapi.schemas import Schema

A = "/accounts/{account}"


class Row(Struct, frozen=True):
    """`answer` is what is shown, None for nothing; `status` of a success. `body` is a struct, for what the route's
    command does not say, with {name in the body: the struct's} in `renamed`; `besides` are further members of the body.
    `given` are fields of the command that neither path nor body says. `also` are answers of another status.
    `media` is the type of an answer, or of a body (`takes`), that is no JSON. `dry` is what a dry run shows; `tagged`
    answers have an ETag; `subject`: an If-Match speaks of something. `faults` are statuses of problems that others of
    its method do not have."""

    answer: Any = None
    status: int = 0
    id: str = ""
    body: Any = None
    renamed: Mapping[str, str] = {}
    besides: Mapping[str, Schema] = {}
    query: Mapping[str, Schema] = {}
    required: tuple[str, ...] = ()
    media: str = ""
    takes: str = ""
    dry: Any = s.Events
    tagged: bool = False
    subject: bool = False
    example: Mapping[str, Any] = {}
    also: Mapping[int, Any] = {}
    given: tuple[str, ...] = ()
    faults: tuple[int, ...] = ()


LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
PAGED: Mapping[str, Schema] = {
    "limit": LIMIT | {"description": "At most so many items."},
    "after": {"type": "string", "description": "The `next` of the page before."},
    "q": {"type": "string", "description": "Only what holds this text."},
}
FOLDER: Mapping[str, Schema] = {"folder": {"enum": ["new", "saved", "deleted"]}}
DEVICE: Schema = {"type": ["string", "null"], "examples": ["acme/80:5e:c0:11:22:33"]}


def _list(item: Any, **more: Any) -> Row:
    """A page of a long list."""
    return Row(s.page(item), query={**PAGED, **more.pop("query", {})}, **more)


def _whole(item: Any, **more: Any) -> Row:
    """A short list, in one page."""
    return Row(s.page(item), **more)


PHONES = "/phones/{phone}"
USER = f"{A}/users/{{user}}"
BOX = f"{A}/mailboxes/{{mailbox}}"
FLOW = f"{A}/callflows/{{callflow}}"
VERSION = f"{FLOW}/versions/{{version}}"
QUEUE = f"{A}/queues/{{queue}}"
CALL = f"{A}/calls/{{call}}"
CALLER = {"from": "from_"}
MEMBERSHIP = s.Membership | s.CallflowMembership

ROWS: Mapping[str, Row] = {
    "POST /accounts": Row(
        s.Account,
        201,
        renamed={"id": "account"},
        tagged=True,
        example={"id": "acme", "name": "Acme", "platform": "jet", "country": "AU"},
    ),
    # --- Users ---
    "GET /me": Row(s.Me),
    f"GET {A}/users": _list(s.User, query={"system": {"enum": ["true", "false"]}}),
    f"POST {A}/users": Row(
        s.User, 201, tagged=True, example={"extension": "1002", "first_name": "John", "last_name": "Smith"}
    ),
    f"POST {A}/users/import": Row(s.Imported, 201, id="importUsers", takes="text/csv"),
    f"GET {USER}/login": Row(s.PortalLogin, id="getPortalLogin"),
    f"PATCH {USER}/login": Row(s.PortalLogin, id="updatePortalLogin", subject=True),
    f"GET {USER}/logins": _whole(s.Login),
    f"DELETE {USER}/logins/{{login}}": Row(id="endLogin"),
    f"GET {USER}/memberships": _whole(MEMBERSHIP),
    f"GET {USER}/messages": _list(s.Message, query=FOLDER),
    f"POST {USER}/apps": Row(s.Login, 201, id="logInApp", body=users._AppLogIn),
    f"DELETE {USER}/apps": Row(id="logOutApps"),
    f"DELETE {USER}/apps/{{login}}": Row(id="logOutApp"),
    f"POST {USER}/offboarding": Row(s.Offboarded, id="offboardUser", body=Wish, dry=s.OffboardingPlan),
    f"GET {USER}/setup-code.svg": Row(
        id="getSetupCode",
        media="image/svg+xml",
        query={"app": {"enum": ["mobile", "desktop"]}},
        required=("app",),
    ),
    f"POST {USER}/setup-code": Row(s.Login, 201, id="redeemSetupCode"),
    f"POST {A}/users/bulk": Row(
        s.Job, 202, id="startJob", besides={"confirm": {"type": "boolean", "default": True}}, tagged=True
    ),
    f"GET {A}/jobs/{{job}}": Row(s.JobWithRows, tagged=True),
    f"POST {A}/jobs/{{job}}/confirm": Row(s.Job, 202, tagged=True, subject=True),
    f"GET {A}/outbox": _list(s.Mail, id="listOutbox"),
    f"GET {A}/outbox/{{mail}}": Row(s.Mail, id="getMail", tagged=True),
    f"POST {USER}/welcome-email": Row(id="sendWelcome"),
    f"POST {USER}/recovery-email": Row(id="sendRecovery"),
    f"POST {USER}/invitation": Row(id="redeemInvitation"),
    f"POST {USER}/force-password-reset": Row(id="forcePasswordReset"),
    # --- Devices, directory ---
    f"GET {A}/devices/{{device}}/registrations": _whole(s.Binding),
    f"DELETE {A}/devices/{{device}}/registrations": Row(id="endRegistrations"),
    f"GET {A}/devices/{{device}}/provisioning": Row(s.Provisioning, id="getProvisioning"),
    f"GET {A}/devices/{{device}}/preview/{{file}}": Row(s.Preview, id="previewFile"),
    f"GET {A}/devices/{{device}}/staging": Row(s.Staging, id="getStaging"),
    f"GET {A}/directory": _list(s.DirectoryEntry),
    f"GET {A}/directory/{{entry}}": Row(s.DirectoryEntry, id="getDirectoryEntry", tagged=True),
    f"POST {A}/directory": Row(s.DirectoryEntry, 201, id="addDirectoryEntry", tagged=True),
    f"PATCH {A}/directory/{{entry}}": Row(s.DirectoryEntry, id="updateDirectoryEntry", tagged=True, subject=True),
    f"DELETE {A}/directory/{{entry}}": Row(id="deleteDirectoryEntry", subject=True),
    f"GET {A}/blf-keys": _list(s.BlfKey),
    f"POST {A}/blf-keys": Row(s.BlfKey, 201, tagged=True),
    # `suggest` answers something else, and both are said.
    f"GET {A}/staleness": Row(
        s.Staleness | s.Suggestion,
        id="getStaleness",
        query={"suggest": {"type": "string", "description": "A device: what brings its names up to date?"}},
    ),
    # --- Callflows, numbers, queues, mailboxes ---
    f"POST {FLOW}/reassign": Row(s.Callflow, id="reassignCallflow", tagged=True, subject=True),
    f"GET {FLOW}/versions": _whole(s.Version),
    f"POST {FLOW}/versions": Row(s.Version, 201, id="draftVersion", tagged=True),
    f"GET {VERSION}": Row(s.Version, id="getVersion", tagged=True),
    f"PUT {VERSION}": Row(s.Version, id="replaceVersion", tagged=True, subject=True),
    f"PATCH {VERSION}": Row(s.Version, id="updateVersion", tagged=True, subject=True),
    f"DELETE {VERSION}": Row(id="deleteVersion", subject=True),
    f"POST {VERSION}/make-available": Row(s.Version, id="makeAvailable", tagged=True, subject=True),
    f"GET {A}/numbers": _list(s.Number, query={"state": {"enum": ["available", "active", "AVAILABLE", "ACTIVE"]}}),
    f"POST {A}/numbers/{{number}}/assign": Row(s.Number, body=numbers._Assignment, tagged=True, subject=True),
    f"GET {QUEUE}/members": _whole(s.Member),
    f"PUT {QUEUE}/members/{{member}}": Row(id="addMember", subject=True),
    f"DELETE {QUEUE}/members/{{member}}": Row(id="removeMember", subject=True),
    f"PUT {QUEUE}/agents/{{member}}": Row(id="logInAgent", subject=True),
    f"DELETE {QUEUE}/agents/{{member}}": Row(id="logOutAgent", subject=True),
    f"POST {BOX}/log-in": Row(
        s.Mailbox,
        id="logInMailbox",
        besides={"pin": {"type": "string", "writeOnly": True}},
        tagged=True,
        subject=True,
    ),
    f"GET {BOX}/greeting": Row(s.Greeting, id="getGreeting", tagged=True),
    f"PUT {BOX}/greeting": Row(s.Greeting, id="setGreeting", body=mailboxes._Greeting, tagged=True, subject=True),
    f"DELETE {BOX}/greeting": Row(id="deleteGreeting", subject=True),
    f"GET {BOX}/messages": _list(s.Message, id="listMailboxMessages", query=FOLDER),
    f"GET {BOX}/messages/{{message}}": Row(s.Message, id="getMessage", tagged=True),
    f"PATCH {BOX}/messages/{{message}}": Row(s.Message, id="moveMessage", tagged=True, subject=True),
    f"DELETE {BOX}/messages/{{message}}": Row(id="deleteMessage", subject=True),
    # --- Calls ---
    f"GET {A}/calls": _whole(s.Call),
    f"POST {A}/calls": Row(
        s.Trace,
        id="placeCall",
        body=calls._Call,
        renamed=CALLER,
        also={201: s.Call},
        example={"from": "+61400000000", "to": "1002"},
    ),
    f"GET {CALL}": Row(s.Call),
    f"POST {CALL}/answer": Row(s.Call),
    f"POST {CALL}/hang-up": Row(s.Call, id="hangUpCall"),
    f"POST {CALL}/press": Row(s.Call, id="pressDigits"),
    f"GET {A}/cdrs": _list(s.CallRecord, id="listCallRecords"),
    f"GET {A}/cdrs/{{cdr}}": Row(s.CallRecord, id="getCallRecord", tagged=True),
    f"GET {A}/reachability": Row(s.Reachability, id="getReachability"),
    # --- Phones, and what is around them ---
    "GET /phones": _list(s.Phone),
    "POST /phones": Row(
        s.Phone, 201, besides={"device": DEVICE}, example={"model": "yealink-t46s", "mac": "80:5e:c0:11:22:33"}
    ),
    f"GET {PHONES}": Row(s.PhoneInFull),
    f"GET {PHONES}/screen.svg": Row(
        id="getScreen",
        media="image/svg+xml",
        query={
            "time": {"type": "string", "maxLength": 12, "examples": ["10:24"]},
            "width": {"type": "integer", "minimum": 40, "maximum": 4000},
        },
        tagged=True,
    ),
    f"DELETE {PHONES}": Row(),
    f"POST {PHONES}/power": Row(s.Phone, body=phones._Power, example={"on": True}),
    f"POST {PHONES}/cable": Row(s.Phone, id="cablePhone"),
    f"POST {PHONES}/login": Row(s.Phone, id="logInAtPhone", body=phones._LogIn),
    f"POST {PHONES}/logout": Row(s.Phone, id="logOutAtPhone", given=("key",)),
    f"POST {PHONES}/press": Row(s.Phone, id="pressKey"),
    f"POST {PHONES}/dial": Row(s.Phone, id="dialAtPhone"),
    f"POST {PHONES}/answer": Row(s.Phone, id="answerAtPhone", given=("key",)),
    f"POST {PHONES}/reject": Row(s.Phone, id="rejectAtPhone", given=("key",)),
    f"POST {PHONES}/hang-up": Row(s.Phone, id="hangUpAtPhone", given=("key",)),
    f"POST {PHONES}/factory-reset": Row(s.Phone, id="factoryResetPhone"),
    f"POST {PHONES}/stage": Row(s.Phone, renamed=phones.RENAMED, besides={"device": DEVICE}),
    f"POST {PHONES}/connect": Row(s.Phone),
    f"POST {PHONES}/web": Row(s.WebAnswer, id="visitPhone", body=outside._Visit),
    "GET /network": Row(s.Network),
    "PUT /network": Row(s.Network, id="setNetwork"),
    "GET /redirects": _whole(s.Redirect),
    "PUT /redirects/{mac}": Row(s.Redirect, besides={"device": DEVICE}),
    "DELETE /redirects/{mac}": Row(),
    "GET /faults": Row(s.Faults, id="getFaults"),
    "PUT /faults": Row(s.Faults, id="setFaults", example={"faults": [{"kind": "server-error", "status": 503}]}),
    "DELETE /faults": Row(id="clearFaults"),
    # --- The server ---
    "GET /clock": Row(s.Clock),
    "POST /clock": Row(s.Clock, id="moveClock", body=clock._Move, example={"advance": "PT10M"}),
    "GET /worlds": _list(s.World),
    "POST /worlds": Row(s.World, 201, id="forkWorld", body=worlds._Fork, renamed=CALLER, example={"from": "empty"}),
    "GET /worlds/{world}": Row(s.World),
    "DELETE /worlds/{world}": Row(body=worlds._Confirm),
    "POST /worlds/{world}/reset": Row(s.World, id="resetWorld", body=worlds._Confirm),
    "GET /worlds/{world}/snapshot": Row(
        id="getSnapshot",
        media="application/octet-stream",
        query={"secrets": {"type": "boolean", "default": False}},
        faults=(409,),
    ),
    "PUT /worlds/{world}/snapshot": Row(
        s.World,
        id="restoreSnapshot",
        takes="application/octet-stream",
        query={"confirm": {"type": "string", "description": "`main`, to replace it."}},
        also={201: s.World},
    ),
    "GET /tokens": _list(s.Token),
    "POST /tokens": Row(
        s.NewToken, 201, id="makeToken", body=tokens.Asked, example={"actor": "operator", "read_only": True}
    ),
    "GET /tokens/{token}": Row(s.Token),
    "DELETE /tokens/{token}": Row(id="revokeToken"),
    "GET /webhooks": _whole(s.Webhook),
    "POST /webhooks": Row(s.Webhook | s.NewWebhook, 201, body=webhooks._New, tagged=True),
    "GET /webhooks/{webhook}": Row(s.Webhook, tagged=True),
    "PATCH /webhooks/{webhook}": Row(s.Webhook, body=webhooks._Changed, tagged=True, subject=True),
    "DELETE /webhooks/{webhook}": Row(),
    "GET /webhooks/{webhook}/deliveries": _whole(s.Delivery),
    "GET /webhooks/{webhook}/deliveries/{delivery}": Row(s.DeliveryInFull, id="getWebhookDelivery"),
    "GET /events": Row(
        id="readEvents",
        media="text/event-stream",
        query={"after": {"type": "string", "pattern": "^[0-9]{1,18}$"}},
    ),
    "GET /rules": _whole(s.Rule, query={"platform": {"type": "string"}, **PAGED}),
    "GET /rules/{rule}": Row(s.Rule),
}

# What all nouns' handlers show, by the last noun that the path names.
SHAPES: Mapping[str, Any] = {
    "account": s.Account,
    "user": s.User,
    "device": s.Device,
    "callflow": s.Callflow,
    "number": s.Number,
    "queue": s.Queue,
    "mailbox": s.Mailbox,
    "blf_key": s.BlfKey,
    "request": s.Request,
    "mail": s.Mail,
    "job": s.Job,
}

# What stands in a command as any text, and is one of these.
CHOICES: Mapping[type, Mapping[str, tuple[str, ...]]] = {
    c.AddAccount: {"platform": ("customer-portal", "jet", "netsapiens", "piston", "users-page")},
}

__all__ = ["CHOICES", "ROWS", "SHAPES", "Row"]
