"""What the server believes of every Yealink.

The digits of a common file are a code of the model, not of its firmware: a T48S runs 66.x and asks for 065. Codes are
those of FusionPBX's template tree and wazo-provd-plugins' file lists; accounts, line keys and memory keys those of
wazo-provd-plugins, where a key's position counts on from the line keys to the memory keys. The release is the oldest
that phones of the model are seen with: its words are understood by all.
"""

from __future__ import annotations

from provisioning.models.model import Model

# product, code, release, family, accounts, line keys, memory keys
_TABLE: tuple[tuple[str, str, int, str, int, int, int], ...] = (
    ("T18", "009", 0, "v7x", 1, 0, 0),  # code, accounts and keys: default, unverified
    ("T19P", "031", 72, "v7x", 1, 0, 0),
    ("T19P_E2", "053", 80, "t2x", 1, 0, 0),
    ("T20P", "007", 72, "v7x", 2, 2, 0),
    ("T21P", "034", 72, "v7x", 2, 2, 0),
    ("T21P_E2", "052", 80, "t2x", 2, 2, 0),
    ("T22P", "005", 72, "v7x", 3, 3, 0),
    ("T23P", "044", 84, "t2x", 3, 3, 0),
    ("T23G", "044", 80, "t2x", 3, 3, 0),
    ("T26P", "004", 72, "v7x", 3, 3, 10),
    ("T27P", "045", 80, "t2x", 6, 21, 0),
    ("T27G", "069", 86, "t2x", 6, 21, 0),
    ("T28P", "000", 70, "v7x", 6, 6, 10),
    ("T29G", "046", 83, "t2x", 16, 27, 0),
    ("T30", "127", 86, "t3x", 1, 0, 0),
    ("T30P", "127", 86, "t3x", 1, 0, 0),
    ("T31", "123", 86, "t3x", 2, 2, 0),
    ("T31P", "123", 86, "t3x", 2, 2, 0),
    ("T31G", "123", 85, "t3x", 2, 2, 0),
    ("T31W", "172", 86, "t3x", 2, 2, 0),
    ("T32G", "032", 70, "v7x", 3, 3, 0),
    ("T33P", "124", 86, "t3x", 4, 12, 0),
    ("T33G", "124", 86, "t3x", 4, 12, 0),
    ("T34W", "171", 86, "t3x", 4, 12, 0),
    ("T38G", "038", 70, "v7x", 6, 6, 10),
    ("T40P", "054", 80, "t4x", 3, 3, 0),
    ("T40G", "076", 84, "t4x", 3, 3, 0),
    ("T41P", "036", 83, "t4x", 6, 15, 0),
    ("T41S", "068", 86, "t4s", 6, 15, 0),
    ("T41U", "115", 86, "t4u", 6, 15, 0),  # code: default, unverified
    ("T42G", "029", 72, "v7x", 12, 15, 0),
    ("T42S", "067", 86, "t4s", 12, 15, 0),
    ("T42U", "116", 86, "t4u", 12, 15, 0),
    ("T43U", "107", 86, "t4u", 12, 15, 0),
    ("T44U", "173", 86, "t4u", 12, 24, 0),  # code: default, unverified
    ("T44W", "174", 86, "t4u", 12, 24, 0),
    ("T46G", "028", 83, "t4x", 16, 27, 0),
    ("T46S", "066", 86, "t4s", 16, 27, 0),
    ("T46U", "108", 86, "t4u", 16, 27, 0),
    ("T48G", "035", 83, "t4x", 16, 29, 0),
    ("T48S", "065", 86, "t4s", 16, 29, 0),
    ("T48U", "109", 86, "t4u", 16, 29, 0),
    ("T49G", "051", 80, "t4x", 16, 29, 0),
    ("T52S", "074", 84, "t5s", 12, 21, 0),
    ("T53", "095", 86, "t5w", 12, 21, 0),
    ("T53W", "095", 86, "t5w", 12, 21, 0),
    ("T54S", "070", 84, "t5s", 16, 27, 0),
    ("T54W", "096", 85, "t5w", 16, 27, 0),
    ("T56A", "056", 80, "t5a", 16, 27, 0),
    ("T57W", "097", 86, "t5w", 16, 29, 0),
    ("T58A", "058", 83, "t5a", 16, 27, 0),
    ("T58V", "058", 86, "t5a", 16, 27, 0),
    ("T58W", "150", 86, "t5a", 16, 27, 0),
    ("T73U", "186", 87, "t7x", 12, 48, 0),
    ("T73W", "183", 87, "t7x", 12, 48, 0),
    ("T74U", "187", 87, "t7x", 16, 60, 0),
    ("T74W", "184", 87, "t7x", 16, 60, 0),
    ("T77U", "188", 87, "t7x", 16, 95, 0),
    ("T85W", "196", 87, "t8x", 16, 72, 0),
    ("T87W", "197", 87, "t8x", 16, 95, 0),
    ("T88W", "192", 87, "t8x", 16, 95, 0),
    ("T88V", "192", 87, "t8x", 16, 95, 0),
    # Conference phones have one account and no keys that a server programs; video phones as desk phones.
    ("CP860", "037", 72, "v7x", 1, 0, 0),
    ("CP920", "078", 85, "cp", 1, 0, 0),
    ("CP925", "148", 86, "cp", 1, 0, 0),
    ("CP960", "073", 83, "cp", 1, 0, 0),
    ("CP965", "143", 86, "cp", 1, 0, 0),
    ("VP530", "023", 70, "v7x", 4, 0, 0),
    ("VP530P", "023", 70, "v7x", 4, 0, 0),
    ("VP59", "091", 86, "t5a", 16, 27, 0),
    # DECT bases: an account a handset.
    ("W52P", "025", 73, "v7x", 5, 0, 0),
    ("W56P", "025", 81, "dect", 5, 0, 0),
    ("W60B", "077", 81, "dect", 8, 0, 0),
    ("W70B", "146", 85, "dect", 10, 0, 0),
    ("W75B", "175", 87, "dect", 30, 0, 0),
    ("W75DM", "175", 87, "dect", 30, 0, 0),
    ("W80B", "103", 87, "dect", 30, 0, 0),
    ("W80DM", "103", 87, "dect", 30, 0, 0),
    ("W90DM", "130", 85, "dect", 250, 0, 0),
    ("AX83H", "180", 87, "ax", 4, 0, 0),
    ("AX86R", "182", 87, "ax", 4, 0, 0),
)

_FROM_ZERO = ("T32G", "T38G")
"""Their keys call line 1 number 0 (wazo-provd-plugins)."""
_AGENTS = {"T49G": ("VP-T49G",)}
"""wazo-provd-plugins has seen it under both names."""


def _row(product: str, code: str, release: int, family: str, lines: int, line_keys: int, memory_keys: int) -> Model:
    return Model(
        "yealink-" + product.lower().replace("_", "-"),
        "yealink",
        family,
        product,
        f"y000000000{code}.cfg",
        lines,
        "linekey",
        line_keys,
        (("memorykey", memory_keys),) if memory_keys else (),
        release,
        0 if product in _FROM_ZERO else 1,
        _AGENTS.get(product, ()),
    )


MODELS = tuple([_row(*columns) for columns in _TABLE])
