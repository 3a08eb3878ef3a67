"""Customer Portal: extensions are handed on, and everything new is asked of the service desk.

Source: the portal's help article on reassigning an extension to a new user; its public help on access levels.
"""

from __future__ import annotations

from pbxsim.core.platform import GUARDED, Platform, Rule
from pbxsim.platforms.alike import deletion, files, in_place, ownerless, registrar, to_user
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import GROUPS, OFFICE, SELF, SERVICE_DESK, groups, role

_ARTICLE = "Customer Portal: reassign an extension"
_STORY = "tests/articles/customer_portal.py"

REQUESTED = frozenset({"staff", "stock", "directory", "blf"})  # what is asked of the service desk

# What a user does at a telephone, in an app or with the link in a mail: nobody lets him in to a portal for it.
ELSEWHERE = frozenset({"hot desk", "keys", "calls", "menu", "apps", "invitation"})

CUSTOMER_PORTAL = Platform(
    name="customer-portal",
    title="Customer Portal",
    words={
        "user": "Extension",
        "name": "Extension tab",
        "login": "Login Information",
        "portal_access": "Portal Access",
        "mailbox": "Voicemail Settings",
        "email": "Voicemail to Email",
        "request": "ticket",
        "service-desk": "service team",
        "pbx-admin": "PBX Admin",
        "receptionist": "Receptionist",
        "end-user": "End User",
    },
    roles={
        "service-desk": SERVICE_DESK,
        "pbx-admin": role(groups("account", *(OFFICE.keys() - REQUESTED))),
        "receptionist": role(SELF, groups("account", "user", "mailbox", "queues"), groups("own", "login")),
        "end-user": role(SELF, groups("own", "user", "login")),
    },
    default_role="end-user",
    rendering={"*": "live"},
    login="email",
    login_tab=True,
    guarded={
        **GUARDED,
        "UpdateUser": {**GUARDED["UpdateUser"], "password": "UpdateLogin", "email": "UpdateLogin"},
    },
    by_portal=frozenset(command for group in GROUPS.keys() - ELSEWHERE for command in GROUPS[group]),
    numbers_to_users=True,
    requests=frozenset(command for group in REQUESTED for command in GROUPS[group]),
    rules=(
        Rule(
            "customer-portal.request",
            "Adding or deleting an extension, an employee or a phone, and changing the directory or BLF keys, is asked "
            "of the service desk, who does it or says why not. Nobody else deletes.",
            _ARTICLE,
            "tests/scenarios/test_customer_portal_rows.py",
        ),
        Rule(
            "customer-portal.tabs",
            "Each tab stores itself only: the Extension tab the extension's name, Login Information whom the portal "
            "greets, his e-mail, password and Portal Access, Voicemail Settings the address that messages go to.",
            _ARTICLE,
            _STORY,
        ),
        Rule(
            "customer-portal.access",
            "A PBX Admin has everybody's extension and log-in, a Receptionist all extensions but no log-ins, an End "
            "User his own alone; whoever asks for more is told so. Access is the service desk's to give.",
            f"{_ARTICLE}; the portal's public help on access levels",
            "tests/scenarios/test_customer_portal_rows.py",
        ),
        Rule(
            "customer-portal.portal-access",
            "A user for whom Portal Access is switched off asks nothing of the portal, whatever his role; telephones "
            "and apps are open to him. It is on for a new user. Switched off, nobody is refused for it.",
            f"{_ARTICLE} ('If this user will need Portal Access, make sure to enable it'); that a new user has it is "
            "decided",
            "tests/scenarios/test_customer_portal_rows.py",
            policy=True,
        ),
        *deletion("customer-portal"),
        *files("customer-portal"),
        to_user("customer-portal"),
        *in_place("customer-portal"),
        Rule(
            "customer-portal.directory",
            "A rename touches neither directory nor BLF keys: they keep the old name until the service desk changes "
            "them. Switched to live, they follow.",
            _ARTICLE,
            "tests/scenarios/test_staleness.py",
            policy="kept",
            choices=("live", "kept"),
        ),
        registrar("customer-portal"),
        ownerless("customer-portal"),
        *GENERAL,
    ),
)
