"""Fixtures that several test modules share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from loopback import Loopback, Script


@pytest.fixture
def loopback() -> Iterator[Callable[..., Loopback]]:
    """Start loopback servers that stop with the test: `server = loopback(answer({...}))`."""
    with ExitStack() as stack:

        def start(*plays: Script) -> Loopback:
            return stack.enter_context(Loopback(*plays))

        yield start
