"""What names anything can be told as an orphan: a kind without a row would be passed over in silence."""

from __future__ import annotations

from pbxsim.core import reachability
from pbxsim.core.indexes import references_of
from tests.store.test_codec import FULL


def test_every_kind_that_names_anything_has_a_row() -> None:
    naming = {type(entity) for entity in FULL if references_of(entity)}
    assert naming <= set(reachability._TITLES), naming - set(reachability._TITLES)
