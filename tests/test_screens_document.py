"""docs/screens.md is run: its program draws the pictures that stand beside it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from device_emulator.firmware import aastra_screen_facts, yealink_screen_facts

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "screens.md"
PICTURES = ROOT / "docs" / "pictures"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """What the document's program prints, and the folder that it has drawn in."""
    folder = tmp_path_factory.mktemp("pictures")
    program = "\n".join(re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL))
    command = [sys.executable, "-W", "error", "-c", f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{program}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout, folder


def test_the_program_prints_what_the_document_shows(drawn):
    shown = re.search(r"<!-- output: box -->\n```text\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert drawn[0].rstrip("\n") == shown[1].rstrip("\n")


def test_the_pictures_are_those_that_the_program_draws(drawn):
    """To draw them anew, run the document's program in docs/pictures."""
    found = {file.name: file.read_bytes() for file in drawn[1].iterdir()}
    assert len(found) == 5
    for name, body in found.items():
        assert (PICTURES / name).read_bytes() == body, f"docs/pictures/{name} is not what the program draws"
    linked = set(re.findall(r"\(pictures/(\w+\.svg)\)", DOCUMENT.read_text(encoding="utf-8")))
    assert linked <= found.keys()


LAMPS = {
    "at the top: somebody calls": "LAMP_RINGING",
    "a new message waits": "LAMP_MESSAGES",
    "the phone starts": "LAMP_BOOTING",
    "do not disturb": "LAMP_DND",
    "line key: its line rings": "LINE_RINGING",
    "it calls or talks": "LINE_BUSY",
    "BLF key: the extension is free": "BLF_IDLE",
    "it rings": "BLF_RINGING",
    "it calls or talks ": "BLF_BUSY",
    "nobody has it, or nothing is known": "BLF_NOBODY",
}


def test_the_table_of_lamps_is_that_of_the_facts():
    table = DOCUMENT.read_text(encoding="utf-8").partition("| | Yealink | Aastra, Mitel |")[2].partition("\n\n")[0]
    rows = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in table.strip().splitlines()[1:]]
    assert len(rows) == len(LAMPS)
    for (what, *shown), (label, name) in zip(rows, LAMPS.items(), strict=True):
        assert what == label.strip()
        facts = [getattr(facts, name).value or "off" for facts in (yealink_screen_facts, aastra_screen_facts)]
        assert shown == facts, what
