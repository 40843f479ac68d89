"""The self-tests of the doctor: whatever files lie in `station/doctor/self_tests/`."""

import importlib
import pkgutil
from collections.abc import Iterable

from station.doctor import self_tests
from station.doctor.self_test import SelfTest
from station.errors import ConfigError
from station.words import N_


def all_self_tests() -> tuple[SelfTest, ...]:
    """Every self-test, in its order. Raises ConfigError for a file without any and for an id used twice."""
    found: dict[str, SelfTest] = {}
    for module in pkgutil.iter_modules(self_tests.__path__):
        name = f"{self_tests.__name__}.{module.name}"
        for test in getattr(importlib.import_module(name), "SELF_TESTS", None) or _none_in(name):
            if test.id in found:
                raise ConfigError(f"{name} uses the id {test.id} again; give it an id of its own")
            found[test.id] = test
    return tuple(sorted(found.values(), key=lambda test: (test.order, test.id)))


def chosen(only: Iterable[str], guided: bool) -> tuple[SelfTest, ...]:
    """Those of these names (none: all), guided ones only where somebody is there. Raises ConfigError."""
    tests, names = all_self_tests(), set(only)
    if unknown := names - {test.id for test in tests}:
        raise ConfigError(
            N_("there is no self-test {names}; there are {known}").format(
                names=", ".join(sorted(unknown)), known=", ".join(test.id for test in tests)
            )
        )
    return tuple(test for test in tests if (test.id in names if names else guided or not test.guided))


def _none_in(name: str) -> Iterable[SelfTest]:
    raise ConfigError(f"{name} defines no SELF_TESTS; add one or take the file out of the folder")
