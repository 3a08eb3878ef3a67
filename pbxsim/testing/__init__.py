"""For those who test against a PBX: phones that are not emulated, and random accounts for property tests.

`strategies` needs Hypothesis, and is the only module that does: import it by its name.
"""

from __future__ import annotations

from pbxsim.testing.strangers import Stranger

__all__ = ["Stranger"]
