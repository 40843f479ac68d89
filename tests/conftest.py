"""What holds for every test: how fast an example runs is no part of what it asserts."""

from hypothesis import settings

settings.register_profile("station", deadline=None)
settings.load_profile("station")
