"""One phone's boot in process: a yealink-t46s on a Jet account loses power and gets it back, asks for its four files
(two are absent, three times each; the first answer is a challenge), applies them and registers. Bar: 400 µs.
"""

from __future__ import annotations

from itertools import cycle

from benchmarks.measure import Effort, Figure, at_most, figure, microseconds, repeat
from benchmarks.worlds import SMALL, office


def measure(effort: Effort) -> list[Figure]:
    """Ten phones in turn, each alone. Imports and templates have been paid by the phones' first boot."""
    world = office(SMALL, SMALL).fork()
    phones = list(world.phones)
    turn = cycle(phones)

    def boot() -> None:
        phone = next(turn)
        phone.power_cycle()
        world.settle()
        assert phone.registered

    assert all(phone.registered for phone in phones)
    samples = repeat(effort.pairs, lambda: microseconds(boot, effort.batch))
    return [figure("boot of a yealink-t46s", "µs", at_most(400), samples)]
