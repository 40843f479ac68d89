"""What the tests of faults stand on."""

import pytest

from station import cli
from tests.faults.replayed import visit

__all__ = ["visit"]


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A daemon's verb leaves this process as it is."""
    monkeypatch.setattr(cli, "be_forgetful", lambda: None)
    monkeypatch.setattr(cli.os, "umask", lambda mask: None)
    monkeypatch.setattr(cli.faulthandler, "enable", lambda: None)
