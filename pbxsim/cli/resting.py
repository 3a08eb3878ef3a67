"""The garbage collector, while a whole world is read."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def collector_at_rest() -> Iterator[None]:
    """While a world is read nothing becomes garbage, and looking for it again and again takes longer than the reading.
    What has been read is not looked through any more: it is there to stay, and a pause for it would be felt by all."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
