"""What the server believes of every Aastra and Mitel.

One common file for all, `aastra.cfg`: wazo-provd-plugins serves nothing else, to any release. Keys are from its tables;
those of a 68xxi's soft keys are left out, since they watch nobody (its remark). Of the 69xx it has had several tables:
these are its first. Numbers of lines: the guides say 9, or 6 on some models; else default, unverified.
"""

from __future__ import annotations

from provisioning.models.model import Model

# product, family, lines, its first kind of keys and how many, then further kinds
_TABLE: tuple[tuple[str, str, int, str, int, tuple[tuple[str, int], ...]], ...] = (
    ("480i", "67xxi", 9, "softkey", 20, ()),
    ("480iCT", "67xxi", 9, "softkey", 20, ()),
    ("6730i", "67xxi", 6, "prgkey", 8, ()),
    ("6731i", "67xxi", 6, "prgkey", 8, ()),
    ("6735i", "67xxi", 9, "prgkey", 6, (("softkey", 20),)),
    ("6737i", "67xxi", 9, "topsoftkey", 10, (("softkey", 20),)),
    ("6739i", "67xxi", 9, "softkey", 55, ()),
    ("6753i", "67xxi", 9, "prgkey", 6, ()),
    ("6755i", "67xxi", 9, "prgkey", 6, (("softkey", 20),)),
    ("6757i", "67xxi", 9, "topsoftkey", 10, (("softkey", 20),)),
    ("6757iCT", "67xxi", 9, "topsoftkey", 10, (("softkey", 20),)),
    ("9143i", "67xxi", 9, "prgkey", 7, ()),
    ("9480i", "67xxi", 9, "softkey", 6, ()),
    ("9480iCT", "67xxi", 9, "softkey", 6, ()),
    ("6863i", "68xxi", 2, "prgkey", 3, ()),
    ("6865i", "68xxi", 9, "prgkey", 8, ()),
    ("6867i", "68xxi", 9, "topsoftkey", 20, ()),
    ("6869i", "68xxi", 12, "topsoftkey", 44, ()),
    ("6873i", "68xxi", 24, "topsoftkey", 48, ()),
    ("6905", "69xx", 2, "prgkey", 3, ()),
    ("6910", "69xx", 8, "prgkey", 8, ()),
    ("6915", "69xx", 8, "topsoftkey", 10, ()),
    ("6920", "69xx", 24, "topsoftkey", 10, ()),
    ("6930", "69xx", 24, "topsoftkey", 22, ()),
    ("6940", "69xx", 24, "topsoftkey", 24, ()),
    ("6970", "69xx", 24, "topsoftkey", 24, ()),
)

_AGENTS = {"6753i": ("53i",), "6755i": ("55i",), "6757i": ("57i",), "6757iCT": ("57iCT",), "480iCT": ("480i Cordless",)}
"""What they call themselves (captured; wazo-provd-plugins maps the first three)."""


_BEFORE_3 = frozenset(("480i", "480iCT"))
"""Those that never had a release 3: before it files are read as ISO-8859-1 (the encodings wazo-provd-plugins write)."""


def _row(product: str, family: str, lines: int, key: str, keys: int, more: tuple[tuple[str, int], ...]) -> Model:
    name, agents = "aastra-" + product.lower(), _AGENTS.get(product, ())
    encoding = "iso-8859-1" if product in _BEFORE_3 else "utf-8"
    return Model(
        name, "aastra", family, product, "aastra.cfg", lines, key, keys, more, agents=agents, encoding=encoding
    )


MODELS = tuple([_row(*columns) for columns in _TABLE])
