"""What holds for every test: how fast an example runs is no part of what it asserts, and what passed once passes again.

A change is judged on the same examples each time; `HYPOTHESIS_PROFILE=explore` looks for new ones.
"""

import os

from hypothesis import settings

settings.register_profile("station", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("explore", deadline=None, max_examples=400)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "station"))
