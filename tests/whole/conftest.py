"""The kiosk fed by hand, for tests that need only its pages."""

from tests.kiosk.conftest import station

__all__ = ["station"]
