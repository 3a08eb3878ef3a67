"""Every Aastra and Mitel model, a row each: firmware, lines, keys.

The vendor's name changed from Aastra to Mitel, the file names and the syntax did not: one vendor here. What is not
remarked on is from public code: keys from the tables of wazo-provd-plugins. Of most numbers of lines nothing is
published but the administrator guide's "1 to 9, or 1 to 6 depending on the model".
"""

from __future__ import annotations

from device_emulator.models.evidence import CAPTURED, FAMILY, GUESS, RELEASED, SOURCE_CODE, TABLES, Source
from device_emulator.models.families import FAMILIES
from device_emulator.models.model import Model
from device_emulator.models.row import Row

KEYS = "keys"
_GUIDE = ("vendor guide", "the model's user guide: up to 9 lines")
_RANGE = ("inferred", "administrator guide 41-001343: lines 1 to 9, or 1 to 6 depending on the model")
_FUSIONPBX = (SOURCE_CODE, "a captured User-Agent in FusionPBX")

# product, stem of its file names, firmware, where that is from, lines, where that is from, programmable keys, top soft
# keys, soft keys, family; then what else is not verified.
_Columns = tuple[str, str, str, Source, int, Source, int, int, int, str, tuple[str, ...]]
_TABLE: tuple[_Columns, ...] = (
    # ---- before 67xxi
    ("480i", "480i", "1.4.2.3000", FAMILY, 9, GUESS, 0, 0, 20, "9480i", (KEYS,)),
    ("480iCT", "480iCT", "1.4.2.3000", FAMILY, 9, GUESS, 0, 0, 20, "9480i", (KEYS,)),
    # ---- 67xxi, firmware 3
    ("6730i", "6730i", "3.3.1.4365", RELEASED, 6, _RANGE, 8, 0, 0, "6730i", ()),
    ("6731i", "6731i", "3.3.1.4365", RELEASED, 6, _RANGE, 8, 0, 0, "6730i", ()),
    ("6735i", "6735i", "3.3.1.8215", RELEASED, 9, _RANGE, 6, 0, 20, "6735i", ()),
    ("6737i", "6737i", "3.3.1.8215", RELEASED, 9, _RANGE, 0, 10, 20, "6735i", ()),
    ("6739i", "6739i", "3.3.1.4365", RELEASED, 9, _RANGE, 0, 0, 55, "6739i", ()),
    ("6753i", "53i", "3.3.1.4365", RELEASED, 9, _RANGE, 6, 0, 0, "6730i", ()),
    ("6755i", "55i", "3.3.1.4365", RELEASED, 9, _GUIDE, 6, 0, 20, "6755i", ()),
    ("6757i", "57i", "3.3.1.4365", RELEASED, 9, _GUIDE, 0, 10, 20, "6757i", ()),
    ("6757iCT", "57iCT", "3.3.1.4365", FAMILY, 9, _RANGE, 0, 10, 20, "6757i", (KEYS,)),
    # ---- 9xxxi
    ("9143i", "9143i", "3.3.1.4365", RELEASED, 9, _RANGE, 7, 0, 0, "6730i", ()),
    ("9480i", "9480i", "3.3.1.4365", RELEASED, 9, _RANGE, 0, 0, 6, "9480i", ()),
    ("9480iCT", "9480iCT", "3.3.1.4365", FAMILY, 9, _RANGE, 0, 0, 6, "9480i", (KEYS,)),
    # ---- 68xxi
    ("6863i", "6863i", "4.1.0.128", CAPTURED, 2, GUESS, 3, 0, 0, "6863i", ()),
    ("6865i", "6865i", "4.3.0.2036", RELEASED, 9, GUESS, 8, 0, 0, "6863i", ()),
    ("6867i", "6867i", "4.3.0.2036", RELEASED, 9, GUESS, 0, 20, 18, "6867i", ()),
    ("6869i", "6869i", "4.3.0.2036", RELEASED, 12, GUESS, 0, 44, 24, "6869i", ()),
    ("6873i", "6873i", "4.3.0.2036", RELEASED, 24, GUESS, 0, 48, 24, "6873i", ()),
    # ---- 69xx; wazo-provd-plugins has changed its mind about their keys more than once, so these are its first
    ("6905", "6905", "6.4.0.140", FAMILY, 2, GUESS, 3, 0, 0, "6905", ()),
    ("6910", "6910", "6.4.0.140", FAMILY, 8, GUESS, 8, 0, 0, "6905", ()),
    ("6915", "6915", "6.4.0.140", CAPTURED, 8, GUESS, 0, 10, 0, "6920", (KEYS,)),
    ("6920", "6920", "6.4.0.140", CAPTURED, 24, GUESS, 0, 10, 0, "6920", (KEYS,)),
    ("6930", "6930", "6.4.0.140", CAPTURED, 24, GUESS, 0, 22, 0, "6930", (KEYS,)),
    ("6940", "6940", "6.4.0.4006", _FUSIONPBX, 24, GUESS, 0, 24, 0, "6940", (KEYS,)),
    ("6970", "6970", "6.4.0.140", FAMILY, 24, GUESS, 0, 24, 0, "6970", (KEYS,)),
)  # fmt: skip


def _row(
    product: str,
    stem: str,
    version: str,
    version_from: Source,
    lines: int,
    lines_from: Source,
    programmable: int,
    top: int,
    soft: int,
    family: str,
    guesses: tuple[str, ...],
) -> Row:
    """`aastra-6757ict` for the 6757iCT; `aastra-6920` for Mitel's 6920."""
    named = (("prgkey", programmable), ("topsoftkey", top), ("softkey", soft))
    looks = FAMILIES[family]
    model = Model(
        "aastra-" + product.lower(),
        "aastra",
        product,
        stem,
        version,
        lines,
        tuple((name, count) for name, count in named if count),
        looks.columns,
        looks.rows,
        family,
    )
    keys_from = GUESS if KEYS in guesses else TABLES
    return Row(model, (("version", version_from), ("lines", lines_from), (KEYS, keys_from)))


ROWS = tuple([_row(*columns) for columns in _TABLE])
