"""The file that a durable world is kept in: SQLite, one row per entity and one per event.

What stands in it is the state, never how it came about: starting reads entities and makes their indexes anew, and the
history is not replayed (recorded calls rot when rules are corrected, a recorded state does not).
"""

from __future__ import annotations

from pbxsim.store.file import Damaged, FileRefused, Locked, Newer, NotOurs
from pbxsim.store.journal import Group, Journal, Memory, Saved
from pbxsim.store.schema import Header

__all__ = ["Damaged", "FileRefused", "Group", "Header", "Journal", "Locked", "Memory", "Newer", "NotOurs", "Saved"]
