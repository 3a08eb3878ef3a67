"""YAML with a memory: the plain value, and the line on which each part of it stands.

Only what a seed file needs: mappings, lists and scalars. Scalars are texts, so that extension 0100 and a MAC address of
digits stay what was written; `true`, `false` and `null` are themselves, and whole numbers are numbers only under the
keys that take one.
"""

from __future__ import annotations

from typing import Any

import yaml
from msgspec import Struct

NUMBERS = frozenset({"seats", "platform_version", "seconds", "ring_seconds", "position"})
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
MAX_DEPTH = 100


class Document(Struct):
    """`value` is the plain value; `lines` maps each JSON pointer to its line (from 1); `faults` are (pointer, text)."""

    value: Any = None
    lines: dict[str, int] = {}
    faults: list[tuple[str, str]] = []

    def line(self, pointer: str) -> int:
        """The line of a pointer; that of what it stands in where it is not there itself."""
        while pointer not in self.lines and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)


def read(text: str) -> Document:
    """Read a document. What is wrong with it as YAML stands in `faults`; then `value` is what could be read."""
    document = Document(lines={}, faults=[])
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        document.lines[""] = mark.line + 1 if mark else 1
        document.faults.append(("", f"is not YAML: {getattr(error, 'problem', None) or error}"))
        return document
    except RecursionError:
        document.faults.append(("", "is nested too deeply"))
        return document
    if node is None:
        document.faults.append(("", "is empty: it must be a mapping with the key accounts"))
        return document
    document.value = _value(document, node, "", 0, set())
    return document


def _value(document: Document, node: yaml.Node, pointer: str, depth: int, seen: set[int]) -> Any:
    if id(node) in seen:  # an alias: a few of them stand for more than a memory holds
        document.faults.append((pointer, "is an alias: write out what it stands for"))
        return None
    seen.add(id(node))
    document.lines.setdefault(pointer, node.start_mark.line + 1)
    if depth > MAX_DEPTH:
        document.faults.append((pointer, "is nested too deeply"))
        return None
    if isinstance(node, yaml.ScalarNode):
        within, _, key = pointer.rpartition("/")
        return _scalar(node, numeric=key in NUMBERS or within.endswith("/policy"))
    if isinstance(node, yaml.SequenceNode):
        return [_value(document, item, f"{pointer}/{index}", depth + 1, seen) for index, item in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        below = f"{pointer}/{key}"
        if key in found:
            document.lines[below] = key_node.start_mark.line + 1
            document.faults.append((below, "stands here twice"))
            continue
        document.lines[below] = key_node.start_mark.line + 1
        found[key] = _value(document, value_node, below, depth + 1, seen)
    return found


def _scalar(node: yaml.ScalarNode, numeric: bool) -> Any:
    text = str(node.value)
    if node.style is not None:  # quoted
        return text
    if numeric and text.isascii() and text.isdigit():
        return int(text)
    return WORDS.get(text, text)
