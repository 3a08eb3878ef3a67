"""What a model's front looks like: one row per family, and which products are of it.

Only what a picture needs: the glass, how many keys with lamps stand at its sides, how many soft keys under it. How much
text fits is the model's own row (`models.py`). Arrangement and sizes: vendors' data sheets and user guides; where a key
sits exactly is drawn to be recognised, not measured.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from device_emulator.lamps import Button
from device_emulator.models import Model

Kind = Literal["desk", "dect", "conference"]
Glass = Literal["mono", "colour", "touch"]
Look = Literal["graphite", "silver", "onyx"]


class Display(Struct, frozen=True, gc=False):
    """A front. `height` is the glass's, in units of a picture that is 720 wide; `left` and `right` are the keys beside
    the glass, `apart` those elsewhere on the front, with paper labels; `soft` the keys under it, `hard` line keys that
    are no programmable ones (an Aastra's L1 …)."""

    kind: Kind
    glass: Glass
    look: Look
    height: int
    left: int = 0
    right: int = 0
    apart: int = 0
    soft: int = 4
    hard: int = 0

    @property
    def sides(self) -> int:
        """The keys beside the glass."""
        return self.left + self.right


_Y: tuple[tuple[str, Display], ...] = (
    ("T18 T19P T19P_E2 T19", Display("desk", "mono", "graphite", 112)),
    ("T30 T30P", Display("desk", "mono", "graphite", 112)),
    ("T20P T20 T21P T21 T21P_E2 T21_E2 T31 T31P T31G T31W", Display("desk", "mono", "graphite", 112, 0, 2)),
    ("T22P T22 T23P T23G T23 T40P T40G T40", Display("desk", "mono", "graphite", 118, 0, 3)),
    ("T26P T26", Display("desk", "mono", "graphite", 118, 0, 3, 10)),
    ("T28P T28", Display("desk", "mono", "graphite", 168, 3, 3, 10)),
    ("T27P T27G T27", Display("desk", "mono", "graphite", 176, 4, 4)),
    ("T41P T41S T41U T41 T42G T42S T42U T42", Display("desk", "mono", "graphite", 138, 3, 3)),
    ("T43U T53 T53W T43", Display("desk", "mono", "graphite", 170, 4, 4)),
    ("T32G T32 T38G T38", Display("desk", "colour", "silver", 226, 3, 3)),
    ("T33G T33P T34W", Display("desk", "colour", "graphite", 216, 2, 2)),
    ("T29G T46G T46S T46U T54S T54W T44U T44W T74W T74U T52S", Display("desk", "colour", "graphite", 222, 5, 5)),
    ("T73W T73U T77U", Display("desk", "colour", "graphite", 222, 4, 4)),
    ("T48G T48S T48U T49G T57W T58W T58V T58A T56A T85W T87W T88W T88V VP59 VP530 VP530P VP-T49G",
     Display("desk", "touch", "graphite", 292)),
    ("W52P W56P W60B W70B W75DM W75B W80B W80DM W90B W90DM W52H W56H W53H W59R W73H AX83H AX86R",
     Display("dect", "colour", "graphite", 0, soft=2)),
    ("CP860 CP920 CP925", Display("conference", "mono", "graphite", 0)),
    ("CP960 CP965 CP935W", Display("conference", "touch", "graphite", 0)),
)  # fmt: skip
_A: tuple[tuple[str, Display], ...] = (
    ("6730i 6731i", Display("desk", "mono", "silver", 112, 0, 0, 8, soft=0, hard=2)),
    ("9143i", Display("desk", "mono", "silver", 112, 0, 0, 7, soft=0, hard=3)),
    ("6753i 53i", Display("desk", "mono", "silver", 112, 0, 0, 6, soft=0, hard=3)),
    ("6735i 6755i 55i", Display("desk", "mono", "silver", 176, 3, 3, 6, soft=0, hard=4)),
    ("480i 480iCT 9480i 9480iCT", Display("desk", "mono", "silver", 176, 3, 3, soft=0, hard=4)),
    ("6737i 6757i 57i 57iCT 6757iCT", Display("desk", "mono", "silver", 216, 5, 5, soft=0, hard=4)),
    ("6739i", Display("desk", "touch", "silver", 292, soft=0)),
    ("6863i 6905", Display("desk", "mono", "onyx", 112, 0, 0, 3, soft=0, hard=2)),
    ("6865i 6910", Display("desk", "mono", "onyx", 120, 0, 0, 8, soft=0, hard=2)),
    ("6867i 6915 6920 6920w", Display("desk", "colour", "onyx", 238, 3, 3, soft=4, hard=2)),
    ("6869i 6930 6930w", Display("desk", "colour", "onyx", 238, 6, 6, soft=5, hard=2)),
    ("6873i 6940 6940w", Display("desk", "touch", "onyx", 292, soft=0)),
    ("6970", Display("conference", "touch", "onyx", 0)),
)
BY_PRODUCT = {(vendor, product): display for vendor, rows in (("yealink", _Y), ("aastra", _A))
               for products, display in rows for product in products.split()}  # fmt: skip


def of(model: Model) -> Display:
    """The front of a model. One without a row of its own looks like a desk phone with a display of its size."""
    known = BY_PRODUCT.get((model.vendor, model.product))
    if known is not None:
        return known
    look: Look = "graphite" if model.vendor == "yealink" else "onyx"
    glass: Glass = "mono" if model.rows < 8 else "colour"
    keys = sum(count for _, count in model.keys)
    side = min(5, (keys + 1) // 2)
    return Display("desk", glass, look, 104 if model.rows < 5 else 150 if glass == "mono" else 222, side, side)


_APART = ("prgkey", "memorykey")
_BESIDE = ("topsoftkey", "linekey", "softkey")


def apart(buttons: tuple[Button, ...]) -> list[Button]:
    """The keys with paper labels."""
    return [button for button in buttons if button.name.startswith(_APART)]


def beside(buttons: tuple[Button, ...]) -> list[Button]:
    """The keys whose labels are on the glass, beside them: of two kinds (an Aastra's) those at the top."""
    for kind in _BESIDE:
        found = [button for button in buttons if button.name.startswith(kind)]
        if found:
            return found
    return []
