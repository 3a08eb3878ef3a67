"""A reader of QR codes for tests: an SVG of a code without faults, to its text (ISO/IEC 18004).

It shares nothing with what draws them: the picture's lines become modules, the format says which mask lies over them,
and the codewords are read in the standard's zigzag. Errors are not corrected: a drawing on a screen has none.
"""

from __future__ import annotations

import re

# version -> (error correction codewords per block, ((blocks, data codewords), ...)), for the level that we draw (M).
_BLOCKS = {
    1: ((1, 16),),
    2: ((1, 28),),
    3: ((1, 44),),
    4: ((2, 32),),
    5: ((2, 43),),
    6: ((4, 27),),
    7: ((4, 31),),
    8: ((2, 38), (2, 39)),
    9: ((3, 36), (2, 37)),
    10: ((4, 43), (1, 44)),
    11: ((1, 50), (4, 51)),
    12: ((6, 36), (2, 37)),
    13: ((8, 37), (1, 38)),
    14: ((4, 40), (5, 41)),
    15: ((5, 41), (5, 42)),
}
_ALIGNED = {
    2: (6, 18),
    3: (6, 22),
    4: (6, 26),
    5: (6, 30),
    6: (6, 34),
    7: (6, 22, 38),
    8: (6, 24, 42),
    9: (6, 26, 46),
    10: (6, 28, 50),
    11: (6, 30, 54),
    12: (6, 32, 58),
    13: (6, 34, 62),
    14: (6, 26, 46, 66),
    15: (6, 26, 48, 70),
}
_MASKS = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, column: row % 2 == 0,
    lambda row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)
_FORMAT_MASK = 0b101010000010010
_LEVEL_M = 0b00


def decode(svg: str) -> str:
    """The text of the code in a picture."""
    dark, size = _modules(svg)
    version = (size - 17) // 4
    bits = "".join(str(int((8, column) in dark)) for column in (0, 1, 2, 3, 4, 5, 7, 8))
    bits += "".join(str(int((row, 8) in dark)) for row in (7, 5, 4, 3, 2, 1, 0))
    said = int(bits, 2) ^ _FORMAT_MASK
    assert said >> 13 == _LEVEL_M, "another error correction level than we draw"
    mask = _MASKS[said >> 10 & 0b111]
    reserved = _reserved(version, size)
    stream = [
        int(((row, column) in dark) != mask(row, column))
        for row, column in _zigzag(size)
        if (row, column) not in reserved
    ]
    words = [int("".join(map(str, stream[at : at + 8])), 2) for at in range(0, len(stream) - 7, 8)]
    return _text(_sorted_out(words, version), version)


def _modules(svg: str) -> tuple[set[tuple[int, int]], int]:
    """(the dark modules as (row, column), how many a side has): each run of a line is "M x y h n" or "m dx dy h n"."""
    path = re.search(r'stroke="#000" d="([^"]*)"', svg)
    assert path, "no drawing"
    dark, x, y = set(), 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            dark |= {(int(y), int(x) + step) for step in range(int(values[0]))}
            x += values[0]
        elif command == "M":
            x, y = values
        else:
            x, y = x + values[0], y + values[1]
    top, left = min(row for row, _ in dark), min(column for _, column in dark)
    size = max(column for _, column in dark) - left + 1
    return {(row - top, column - left) for row, column in dark}, size


def _reserved(version: int, size: int) -> set[tuple[int, int]]:
    """Where no data stands: finders, timing, alignment, format and version."""
    found = {(row, column) for row in range(9) for column in range(9)}
    found |= {(row, size - 1 - column) for row in range(9) for column in range(8)}
    found |= {(size - 1 - row, column) for row in range(8) for column in range(9)}
    found |= {(6, at) for at in range(size)} | {(at, 6) for at in range(size)}
    places = _ALIGNED.get(version, ())
    for row in places:
        for column in places:
            if (row, column) not in {(6, 6), (6, places[-1]), (places[-1], 6)}:
                found |= {(row + down, column + right) for down in range(-2, 3) for right in range(-2, 3)}
    if version >= 7:
        found |= {(row, size - 11 + column) for row in range(6) for column in range(3)}
        found |= {(size - 11 + row, column) for row in range(3) for column in range(6)}
    return found


def _zigzag(size: int) -> list[tuple[int, int]]:
    """Two columns at a time from the right, up and down in turn; the timing column is left out."""
    found, up = [], True
    columns = [column if column > 6 else column - 1 for column in range(size - 1, 0, -2)]
    for right in columns:
        rows = range(size - 1, -1, -1) if up else range(size)
        found += [(row, column) for row in rows for column in (right, right - 1)]
        up = not up
    return found


def _sorted_out(words: list[int], version: int) -> list[int]:
    """The blocks' codewords are dealt out in turn; back to one block after another."""
    sizes = [size for count, size in _BLOCKS[version] for _ in range(count)]
    blocks: list[list[int]] = [[] for _ in sizes]
    dealt = iter(words)
    for turn in range(max(sizes)):
        for block, size in zip(blocks, sizes, strict=True):
            if turn < size:
                block.append(next(dealt))
    return [word for block in blocks for word in block]


def _text(words: list[int], version: int) -> str:
    bits = "".join(f"{word:08b}" for word in words)
    assert bits[:4] == "0100", "another mode than bytes"
    width = 8 if version < 10 else 16
    length = int(bits[4 : 4 + width], 2)
    start = 4 + width
    return bytes(int(bits[at : at + 8], 2) for at in range(start, start + 8 * length, 8)).decode()
