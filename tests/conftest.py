"""Fixtures that several test modules share, and the profile of Hypothesis."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings
from loopback import Loopback, Script

# No limit by the clock: a busy machine is no fault of the code.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


@pytest.fixture
def loopback() -> Iterator[Callable[..., Loopback]]:
    """Start loopback servers that stop with the test: `server = loopback(answer({...}))`."""
    with ExitStack() as stack:

        def start(*plays: Script) -> Loopback:
            return stack.enter_context(Loopback(*plays))

        yield start


@pytest.fixture(scope="session", autouse=True)
def state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests away from the user's state, where the key that signs summaries is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
