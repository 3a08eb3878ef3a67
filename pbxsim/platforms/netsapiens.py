"""NetSapiens: users are reset and recycled rather than deleted, and tagged by how far they have been set up.

Sources: a reseller's help article on deleting, resetting and recycling users; the vendor's OpenAPI document, v45.0.
"""

from __future__ import annotations

from pbxsim.core.platform import Platform, Rule
from pbxsim.platforms.alike import deletion, directory, files, in_place, ownerless, registrar
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import ADMINISTRATOR, EVERYTHING, GROUPS, OFFICE, SELF, SERVICE_DESK, USER, groups, role

_ARTICLE = "NetSapiens: deleting, resetting and recycling users"
_STORY = "tests/articles/netsapiens.py"

_SITE = role({group: reach for group, reach in OFFICE.items() if group not in ("bulk", "recycling")})

NETSAPIENS = Platform(
    name="netsapiens",
    title="NetSapiens",
    words={
        "account": "Domain",
        "super-user": "Super User",
        "reseller": "Reseller",
        "office-manager": "Office Manager",
        "site-manager": "Site Manager",
        "call-center-supervisor": "Call Center Supervisor",
        "call-center-agent": "Call Center Agent",
        "advanced-user": "Advanced User",
        "basic-user": "Basic User",
        "simple-user": "Simple User",
        "no-portal": "No Portal",
        "voicemail_pin": "Voicemail PIN",
        "new": "New",
        "setup-required": "Setup Required",
        "password-required": "Password Required",
        "available-number": "Available Number",
        "to-user": "User",
    },
    roles={
        "service-desk": SERVICE_DESK,
        "super-user": EVERYTHING,
        "reseller": role(groups("all", *GROUPS)),
        "office-manager": ADMINISTRATOR,
        "site-manager": _SITE,  # N2: jobs are for Office Managers and above
        "call-center-supervisor": role(SELF, groups("own", "user"), groups("account", "queues", "agent")),
        "call-center-agent": role(SELF, groups("own", "user", "agent")),
        "advanced-user": role(SELF, groups("own", "user", "device", "agent")),
        "basic-user": role(SELF, groups("own", "user", "agent")),
        "simple-user": USER,
        "no-portal": {},
    },
    default_role="basic-user",
    rendering={"*": "live"},
    version=45,  # the vendor's present one
    login="extension",
    numbers_to_users=True,
    # The vendor's document: dial-rule-application; an auto attendant is a user of its own there.
    number_states=("available-number", "hangup", "to-user", "to-user"),
    tags=True,
    reset_since=38,
    bulk=("reset", "recycle", "welcome-email", "force-password-reset"),
    rules=(
        Rule(
            "netsapiens.user.delete",
            "The portal asks Yes or No before it deletes a user; then he is deleted, and nothing refuses.",
            _ARTICLE,
            _STORY,
        ),
        Rule(
            "netsapiens.bulk.scope",
            "What is done to many users at once is for Office Managers and above.",
            _ARTICLE,
            _STORY,
        ),
        *deletion("netsapiens"),
        directory("netsapiens"),
        *files("netsapiens"),
        Rule(
            "netsapiens.number.to-user",
            "A number leads straight to a user, or is available.",
            "NetSapiens: dial-rule-application (to-user, available-number)",
            "tests/rules/test_numbers.py",
        ),
        *in_place("netsapiens"),
        registrar("netsapiens", "NetSapiens: device-sip-registration-expiry-seconds", 60),
        ownerless("netsapiens"),
        Rule(
            "netsapiens.user.reset.version",
            "Users are reset from platform version 38 on.",
            f"{_ARTICLE} ('available v38 and higher')",
            "tests/rules/test_reset.py",
        ),
        Rule(
            "netsapiens.user.reset",
            "A reset clears name, e-mail, password, voicemail PIN and additional devices, each of which can be left "
            "out; messages, greetings, answering rules and contacts can go too. User and extension stay.",
            f"{_ARTICLE}; public help pages of other resellers for what can be ticked besides",
            "tests/rules/test_reset.py",
        ),
        Rule(
            "netsapiens.reset.primary-device",
            "Where no device is named like the extension, the user's oldest is the primary one, which a reset keeps.",
            "decided: the article only tells additional devices from the user's own",
            "tests/rules/test_reset.py",
            policy=True,
        ),
        Rule(
            "netsapiens.reset.voicemail-email",
            "Clearing a user's e-mail address clears where his voicemail is sent, too.",
            "decided: the article names the e-mail address only",
            "tests/rules/test_reset.py",
            policy=True,
        ),
        Rule(
            "netsapiens.user.recycle",
            "First and last name are required, e-mail is recommended; no password and no voicemail PIN until they are "
            "set, and Password Required until then.",
            _ARTICLE,
            "tests/rules/test_reset.py",
        ),
        Rule(
            "netsapiens.portal-security",
            "Portal security needs every user's e-mail address: recycling without one is warned about.",
            f"{_ARTICLE} ('Email is recommended if Portal Security options are enabled'); off by default is decided",
            "tests/rules/test_reset.py",
            policy=False,
        ),
        Rule(
            "netsapiens.tags",
            "New, Setup Required and Password Required tell how far a user has been set up: a reset, a recycling, a "
            "forced password and what he is given move him on.",
            f"{_ARTICLE}; NetSapiens: account-status; public help pages on the Users page",
            "tests/rules/test_tags.py",
        ),
        *GENERAL,
    ),
)
