"""The documents are run, not quoted: programs, their output, the map, and what they say of files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pbxsim import World
from pbxsim.seeds import plant

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])


def blocks(mark: str) -> list[str]:
    """The code blocks of the README behind a mark."""
    return re.findall(rf"<!-- {mark} -->\n```\w+\n(.*?)```", README, re.DOTALL)


def test_the_readmes_programs_run_one_after_the_other_in_a_fresh_interpreter():
    programs = blocks("run: readme")
    assert len(programs) == 3
    done = subprocess.run([sys.executable, "-W", "error", "-c", "\n".join(programs)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == blocks("output: plan")[0]


def test_the_programs_about_worlds_in_process_run_one_after_the_other():
    text = (ROOT / "docs/in-process.md").read_text(encoding="utf-8")
    programs = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(programs) == 7
    done = subprocess.run([sys.executable, "-W", "error", "-c", "\n".join(programs)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_refusal_prints_what_the_readme_shows():
    first = blocks("run: readme")[0].replace("    assert [b.kind", "    print(refusal)\n    assert [b.kind")
    done = subprocess.run([sys.executable, "-c", first], capture_output=True, text=True, check=True)
    assert done.stdout == blocks("output: refusal")[0]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_seed_file_in_the_documents_can_be_planted():
    seed = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/server.md").read_text(), re.DOTALL)
    world = World()
    plant(world, seed[1])
    world.settle()
    assert world.accounts["acme"].call("+61255501234").outcome == "rings"


def test_the_commands_in_the_documents_know_the_options_that_they_are_given():
    told = {name: run_help(name) for name in ("serve", "phone", "lint", "storm")}
    given = re.compile(r"^pbxsim (serve|phone|lint|storm)\b(.*?)(?:#|$)", re.MULTILINE)
    for document in DOCUMENTS:
        for command, options in given.findall(document.read_text()):
            for option in re.findall(r"--[a-z-]+", options):
                assert option in told[command], f"{document.name}: pbxsim {command} {option}"


def run_help(command: str) -> str:
    words = [sys.executable, "-m", "pbxsim", command, "--help"]
    return subprocess.run(
        words, capture_output=True, text=True, check=True, env={"NO_COLOR": "1", "COLUMNS": "200"}
    ).stdout


def workflows() -> set[str]:
    """The ids of the table."""
    table = (ROOT / "docs/workflows.md").read_text()
    return set(re.findall(r"^\| ([PJNCUX]\d+a?) \|", table, re.MULTILINE))


def test_every_workflow_of_a_platform_is_tried_on_both_roads():
    """Scenarios and articles are run in process and over HTTP."""
    files = [*(ROOT / "tests/scenarios").glob("test_*.py"), *(ROOT / "tests/articles").glob("*.py")]
    text = "\n".join(file.read_text() for file in files).casefold()
    tried = {name.upper() for name in re.findall(r"(?<![a-z0-9])([pjncux]\d{1,2}a?)(?![a-z0-9])", text)}
    rows = {row.upper() for row in workflows() if not row.startswith("X")}
    assert len(rows) == 12 + 14 + 11 + 7 + 11
    assert rows - tried == set()


def test_every_workflow_that_the_code_names_is_in_the_table():
    rows = workflows()
    named = set()
    for file in (ROOT / "pbxsim").rglob("*.py"):
        named |= set(re.findall(r"\b([PJNCUX]\d{1,2}a?)\b", file.read_text()))
    assert len(named) > 15
    assert named <= rows


def test_every_decision_is_on_the_map():
    map_ = (ROOT / "docs/decisions/README.md").read_text()
    for page in ROOT.glob("docs/decisions/0*.md"):
        assert f"({page.name})" in map_


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_folders_that_documents_name_exist(document):
    text = document.read_text(encoding="utf-8")
    named = re.findall(r"`((?:pbxsim|provisioning|device_emulator|tests|docs)/[\w./-]*)`", text)
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_every_make_target_has_a_line_of_help():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"\.PHONY: (.*)", makefile)[1].split()
    assert sorted(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE)) == sorted(phony)


def test_nothing_committed_names_where_packages_come_from():
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert "index-url" not in lock
