"""What the tests of faults stand on."""

from tests.faults.replayed import visit

__all__ = ["visit"]
