"""Every Yealink model, a row each: common file, firmware, accounts, keys.

A phone asks for the common file of its own code, which is not the first number of its firmware: a T48S runs 66.x and
asks for 065. What is not remarked on is from public code: codes from FusionPBX's template tree and wazo-provd-plugins'
file lists, accounts and keys from the tables of wazo-provd-plugins, release by release.
"""

from __future__ import annotations

from device_emulator.models.evidence import CAPTURED, FAMILY, GUESS, RELEASED, TABLES, TREES, Source
from device_emulator.models.families import FAMILIES
from device_emulator.models.model import Model
from device_emulator.models.row import Row

CODE, LINES, KEYS = "code", "lines", "keys"
_KNOWN: tuple[tuple[str, Source], ...] = ((CODE, TREES), (LINES, TABLES), (KEYS, TABLES))

# product, code, firmware, where that is from, accounts, line keys, memory keys, family; then what is not verified.
_TABLE: tuple[tuple[str, str, str, Source, int, int, int, str, tuple[str, ...]], ...] = (
    # ---- T1x, T2x
    ("T18", "009", "18.0.0.80", CAPTURED, 1, 0, 0, "t20", (CODE, LINES, KEYS)),
    ("T19P", "031", "31.72.0.1", FAMILY, 1, 0, 0, "t22", (CODE,)),
    ("T19P_E2", "053", "53.80.0.3", CAPTURED, 1, 0, 0, "t22", ()),
    ("T20P", "007", "9.72.0.30", CAPTURED, 2, 2, 0, "t20", ()),
    ("T21P", "034", "34.72.0.1", CAPTURED, 2, 2, 0, "t22", (CODE,)),
    ("T21P_E2", "052", "52.80.0.3", CAPTURED, 2, 2, 0, "t22", ()),
    ("T22P", "005", "7.72.0.30", CAPTURED, 3, 3, 0, "t22", ()),
    ("T23P", "044", "44.84.0.140", RELEASED, 3, 3, 0, "t22", ()),
    ("T23G", "044", "44.80.0.60", CAPTURED, 3, 3, 0, "t22", ()),
    ("T26P", "004", "6.72.0.30", CAPTURED, 3, 3, 10, "t22", ()),
    ("T27P", "045", "45.80.0.25", CAPTURED, 6, 21, 0, "t27", ()),
    ("T27G", "069", "69.86.0.15", RELEASED, 6, 21, 0, "t27", ()),
    ("T28P", "000", "2.70.0.140", CAPTURED, 6, 6, 10, "t28", ()),
    ("T29G", "046", "46.83.0.120", CAPTURED, 16, 27, 0, "t46", ()),
    # ---- T3x
    ("T30", "127", "124.86.0.75", RELEASED, 1, 0, 0, "t22", ()),
    ("T30P", "127", "124.86.0.75", RELEASED, 1, 0, 0, "t22", ()),
    ("T31", "123", "124.86.0.75", RELEASED, 2, 2, 0, "t22", ()),
    ("T31P", "123", "124.86.0.75", RELEASED, 2, 2, 0, "t22", ()),
    ("T31G", "123", "124.85.257.55", CAPTURED, 2, 2, 0, "t22", ()),
    ("T31W", "172", "124.86.0.75", RELEASED, 2, 2, 0, "t22", (LINES,)),
    ("T32G", "032", "32.70.0.130", FAMILY, 3, 3, 0, "t33", ()),
    ("T33P", "124", "124.86.0.75", RELEASED, 4, 12, 0, "t33", ()),
    ("T33G", "124", "124.86.0.118", CAPTURED, 4, 12, 0, "t33", ()),
    ("T34W", "171", "124.86.0.75", CAPTURED, 4, 12, 0, "t33", ()),
    ("T38G", "038", "38.70.0.125", CAPTURED, 6, 6, 10, "t38", ()),
    # ---- T4x
    ("T40P", "054", "54.80.0.10", CAPTURED, 3, 3, 0, "t22", ()),
    ("T40G", "076", "76.84.0.125", RELEASED, 3, 3, 0, "t22", ()),
    ("T41P", "036", "36.83.0.120", CAPTURED, 6, 15, 0, "t41", ()),
    ("T41S", "068", "66.86.0.15", RELEASED, 6, 15, 0, "t41", ()),
    ("T41U", "115", "108.86.0.45", RELEASED, 6, 15, 0, "t41", (CODE,)),
    ("T42G", "029", "29.72.0.1", CAPTURED, 12, 15, 0, "t41", ()),
    ("T42S", "067", "66.86.0.15", RELEASED, 12, 15, 0, "t41", ()),
    ("T42U", "116", "108.86.0.45", RELEASED, 12, 15, 0, "t41", ()),
    ("T43U", "107", "108.86.0.45", RELEASED, 12, 15, 0, "t43", ()),
    ("T44U", "173", "108.86.0.45", FAMILY, 12, 24, 0, "t33", (CODE,)),
    ("T44W", "174", "108.86.0.45", FAMILY, 12, 24, 0, "t33", ()),
    ("T46G", "028", "28.83.0.120", CAPTURED, 16, 27, 0, "t46", ()),
    ("T46S", "066", "66.86.0.15", RELEASED, 16, 27, 0, "t46", ()),
    ("T46U", "108", "108.86.0.45", RELEASED, 16, 27, 0, "t46", ()),
    ("T48G", "035", "35.83.0.120", CAPTURED, 16, 29, 0, "t48", ()),
    ("T48S", "065", "66.86.0.15", RELEASED, 16, 29, 0, "t48", ()),
    ("T48U", "109", "108.86.0.45", RELEASED, 16, 29, 0, "t48", ()),
    ("T49G", "051", "51.80.0.10", CAPTURED, 16, 29, 0, "vp59", ()),
    # ---- T5x
    ("T52S", "074", "70.84.0.70", RELEASED, 12, 21, 0, "t33", ()),
    ("T53", "095", "96.86.0.45", RELEASED, 12, 21, 0, "t43", ()),
    ("T53W", "095", "96.86.0.45", RELEASED, 12, 21, 0, "t43", ()),
    ("T54S", "070", "70.84.0.70", RELEASED, 16, 27, 0, "t46", ()),
    ("T54W", "096", "96.85.0.5", RELEASED, 16, 27, 0, "t46", ()),
    ("T56A", "056", "58.80.0.25", CAPTURED, 16, 27, 0, "t58", (KEYS, LINES)),
    ("T57W", "097", "96.86.0.45", RELEASED, 16, 29, 0, "t48", ()),
    ("T58A", "058", "58.83.0.15", CAPTURED, 16, 27, 0, "t58", ()),
    ("T58V", "058", "58.86.0.20", RELEASED, 16, 27, 0, "t58", ()),
    ("T58W", "150", "150.86.0.11", RELEASED, 16, 27, 0, "t58", ()),
    # ---- T7x, T8x
    ("T73U", "186", "185.87.0.10", RELEASED, 12, 48, 0, "t33", ()),
    ("T73W", "183", "185.87.0.10", RELEASED, 12, 48, 0, "t33", ()),
    ("T74U", "187", "185.87.0.10", RELEASED, 16, 60, 0, "t46", ()),
    ("T74W", "184", "185.87.0.10", RELEASED, 16, 60, 0, "t46", ()),
    ("T77U", "188", "185.87.0.10", CAPTURED, 16, 95, 0, "t48", ()),
    ("T85W", "196", "185.87.0.10", CAPTURED, 16, 72, 0, "t48", ()),
    ("T87W", "197", "185.87.0.10", CAPTURED, 16, 95, 0, "t48", ()),
    ("T88W", "192", "185.87.0.10", RELEASED, 16, 95, 0, "t58", ()),
    ("T88V", "192", "185.87.0.10", RELEASED, 16, 95, 0, "t58", ()),
    # ---- conference and video phones
    ("CP860", "037", "37.72.0.5", CAPTURED, 1, 0, 0, "cp860", ()),
    ("CP920", "078", "78.85.0.5", CAPTURED, 1, 0, 0, "cp920", ()),
    ("CP925", "148", "148.86.0.5", RELEASED, 1, 0, 0, "cp920", (LINES,)),
    ("CP960", "073", "73.83.0.30", CAPTURED, 1, 0, 0, "cp960", ()),
    ("CP965", "143", "143.86.0.15", FAMILY, 1, 0, 0, "cp960", (LINES, KEYS)),
    ("VP530", "023", "23.70.0.41", CAPTURED, 4, 0, 0, "t48", (KEYS,)),
    ("VP530P", "023", "23.70.0.40", CAPTURED, 4, 0, 0, "t48", (KEYS,)),
    ("VP59", "091", "91.86.0.10", FAMILY, 16, 27, 0, "vp59", (LINES, KEYS)),
    # ---- DECT bases and Wi-Fi handsets: as many accounts as handsets, no line keys
    ("W52P", "025", "25.73.0.20", CAPTURED, 5, 0, 0, "dect", ()),
    ("W56P", "025", "25.81.0.60", RELEASED, 5, 0, 0, "dect", ()),
    ("W60B", "077", "77.81.0.35", CAPTURED, 8, 0, 0, "dect", ()),
    ("W70B", "146", "146.85.0.5", CAPTURED, 10, 0, 0, "dect", ()),
    ("W75B", "175", "175.87.0.10", CAPTURED, 30, 0, 0, "dect", (LINES,)),
    ("W75DM", "175", "175.87.0.14", RELEASED, 30, 0, 0, "dect", (LINES,)),
    ("W80B", "103", "103.87.0.10", CAPTURED, 30, 0, 0, "dect", (LINES,)),
    ("W80DM", "103", "103.87.0.10", CAPTURED, 30, 0, 0, "dect", ()),
    ("W90DM", "130", "130.85.0.15", CAPTURED, 250, 0, 0, "dect", ()),
    ("AX83H", "180", "180.87.0.5", RELEASED, 4, 0, 0, "ax83", ()),
    ("AX86R", "182", "180.87.0.5", RELEASED, 4, 0, 0, "ax83", ()),
)


def _row(
    product: str,
    code: str,
    version: str,
    version_from: Source,
    lines: int,
    line_keys: int,
    memory_keys: int,
    family: str,
    guesses: tuple[str, ...],
) -> Row:
    """`yealink-t19p-e2` for the T19P_E2. A phone without keys has 0 of them, under the name they would have."""
    keys: tuple[tuple[str, int], ...] = (("linekey", line_keys),)
    if memory_keys:
        keys += (("memorykey", memory_keys),)
    looks = FAMILIES[family]
    name = "yealink-" + product.lower().replace("_", "-")
    model = Model(name, "yealink", product, code, version, lines, keys, looks.columns, looks.rows, family)
    known = [(what, GUESS if what in guesses else source) for what, source in _KNOWN]
    return Row(model, (("version", version_from), *known))


ROWS = tuple([_row(*columns) for columns in _TABLE])
