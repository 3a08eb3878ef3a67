"""A callflow's tree without somebody: what is left when users, mailboxes or callflows are taken out of it.

A node that is left without anything to do gives its place to what follows it; a menu loses the keys that lead nowhere.
What is left is configured wherever it was before, so it can be in service at once. Nothing here knows why anybody goes.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import structs

from pbxsim.core.nodes import Dial, Enqueue, HangUp, Hours, Menu, Node, Option, RingGroup, Transfer, Voicemail, branches


def without(root: Node, gone: Collection[str]) -> Node | None:
    """The tree without these ids; None if nothing is left of it. (Recursion is bounded by MAX_DEPTH.)"""
    below = {where: without(node, gone) for where, node in branches(root)}
    then = below.get("/then")
    match root:
        case Dial() | RingGroup():
            users = tuple(user for user in root.users if user not in gone)
            return then if root.users and not users else structs.replace(root, users=users, then=then)
        case Enqueue():
            return then if root.queue in gone else structs.replace(root, then=then)
        case Voicemail():
            return None if root.mailbox in gone else root
        case Transfer():
            return None if root.callflow in gone else root
        case Menu():
            return _menu(root, below, then)
        case Hours():
            inside = below.get("/open")
            return then if root.open is not None and inside is None else structs.replace(root, open=inside, then=then)
    return structs.replace(root, then=then) if "/then" in below else root


def pruned(root: Node, gone: Collection[str]) -> Node:
    """The same, for a callflow that stays: where nothing is left, the call ends."""
    return without(root, gone) or HangUp()


def _menu(menu: Menu, below: dict[str, Node | None], then: Node | None) -> Node | None:
    leads = [(option, below[f"/options/{index}/then"]) for index, option in enumerate(menu.options)]
    options = tuple(Option(option.key, node) for option, node in leads if node is not None)
    return then if menu.options and not options else structs.replace(menu, options=options, then=then)
