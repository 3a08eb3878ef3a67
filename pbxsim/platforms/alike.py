"""Rules that several platforms decide alike, each under its own name."""

from __future__ import annotations

from pbxsim.core.platform import DELETE, FATES, KEEP, RELEASE, Rule


def deletion(platform: str) -> tuple[Rule, ...]:
    """What becomes of what was a deleted user's, where an article does not say: it goes with him."""
    test = "tests/rules/test_policies.py"
    kinds = (
        ("devices", "A deleted user's devices are deleted with him.", DELETE, FATES),
        ("mailboxes", "A deleted user's mailbox goes with him.", DELETE, FATES),
        ("numbers", "The numbers that led straight to a deleted user become available.", RELEASE, (KEEP, RELEASE)),
        ("queues", "A deleted user leaves the queues.", RELEASE, (KEEP, RELEASE)),
        ("blf-keys", "The keys that watched a deleted user are deleted with him.", DELETE, FATES),
    )
    return tuple(
        Rule(
            f"{platform}.user.delete.{kind}",
            text,
            "decided: the article says nothing of them",
            test,
            policy=fate,
            choices=choices,
        )
        for kind, text, fate, choices in kinds
    )


def directory(platform: str) -> Rule:
    """Does the directory follow a rename?"""
    return Rule(
        f"{platform}.directory",
        "The directory and the BLF keys show what users are called now. Switched to kept, they store a name, and keep "
        "it until it is changed in them.",
        "decided: KAZOO looks a name up when it makes a file; nobody says of the others",
        "tests/scenarios/test_staleness.py",
        policy="live",
        choices=("live", "kept"),
    )


def files(platform: str) -> tuple[Rule, ...]:
    """How a platform of which nobody says renders its files."""
    test = "tests/rules/test_rendering.py"
    return (
        Rule(
            f"{platform}.rendering",
            "A device's file is rendered at each fetch, with the names of that moment. Switched to at_save, when the "
            "device or its owner is saved.",
            "decided: the simplest server, and the only one that needs no explanation",
            test,
            policy="live",
            choices=("live", "at_save"),
        ),
        boot_files(platform),
    )


def boot_files(platform: str) -> Rule:
    """Does the server have boot files for Yealinks?"""
    return Rule(
        f"{platform}.provisioning.boot-files",
        "Yealinks get boot files that include their configuration files. Off unless switched on.",
        "decided: a server without boot files costs a phone two waits at each boot, and is what most are",
        "tests/rules/test_rendering.py",
        policy=False,
    )


def registrar(platform: str, source: str = "decided: the common default of desk phones", seconds: int = 3600) -> Rule:
    """How long a registration lives."""
    return Rule(
        f"{platform}.registration.lifetime",
        f"A registration lives {seconds:,} s unless switched; a power cut takes nothing back.",
        source,
        "tests/rules/test_logins.py",
        policy=seconds,
    )


def ownerless(platform: str, source: str = "decided: the article ends the deleted user's log-ins") -> Rule:
    """May a device that belongs to nobody register?"""
    return Rule(
        f"{platform}.registration.ownerless",
        "A device that belongs to nobody is refused with 403 when it registers. Switched on, it may.",
        source,
        "tests/rules/test_policies.py",
        policy=False,
    )


def outdated(platform: str) -> Rule:
    """May an older draft be made Available?"""
    return Rule(
        f"{platform}.callflow.version.outdated",
        "A draft is not made Available once a newer version is in service: the newest is always the one that counts. "
        "Switched off, it is, and takes the numbers back.",
        "decided: the Jet article shows one editor at a time",
        "tests/scenarios/test_jet_rows.py",
        policy=True,
    )


def in_place(platform: str) -> tuple[Rule, ...]:
    """How callflows are edited on a platform of which nobody says."""
    return (
        Rule(
            f"{platform}.callflow.in-place",
            "A callflow is edited in place: there are no drafts and no versions. Switched off, there are, as on Jet.",
            "decided: the article says nothing of drafts",
            "tests/rules/test_policies.py",
            policy=True,
        ),
        outdated(platform),
    )


def to_user(platform: str) -> Rule:
    """May a number lead straight to a user? Of the portals nobody says."""
    return Rule(
        f"{platform}.number.to-user",
        "A number may lead straight to a user, without a callflow. Switched off, numbers lead to callflows alone.",
        "decided: the article speaks of extensions and numbers, and of nothing between them",
        "tests/rules/test_numbers.py",
        policy=True,
    )
