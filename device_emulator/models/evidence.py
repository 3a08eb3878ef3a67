"""Where the tables of models come from: (evidence, source), in the evidence words of `facts.py`."""

from __future__ import annotations

Source = tuple[str, str]

UNVERIFIED = "unverified"
SOURCE_CODE = "source code"
PLUGINS = "wazo-provd-plugins"
TABLES: Source = (SOURCE_CODE, f"the tables of {PLUGINS}")
TREES: Source = (SOURCE_CODE, f"FusionPBX's template tree, the file lists of {PLUGINS}")
CAPTURED: Source = (SOURCE_CODE, f"a captured User-Agent in {PLUGINS}")
"""Versions that somebody's phone has sent."""
RELEASED: Source = (SOURCE_CODE, f"the firmware that {PLUGINS} names for the model")
FAMILY: Source = (UNVERIFIED, "the family's prefix; the build is a guess")
"""Versions of which only the beginning is known."""
GUESS: Source = (UNVERIFIED, "general knowledge, or as its siblings; nobody has published it")
DISPLAY: Source = (UNVERIFIED, "the family's; data sheets as generally known, characters decided")
