"""Run in a release's environment: does its kiosk answer? Says why not, in one line; nothing where it does."""

import sys
import urllib.request
from pathlib import Path

from station import config
from station.errors import StationError
from station.kiosk.browser_policy import address

ANSWERS_WITHIN_S = 5
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine, whatever http_proxy says


def main(path: str) -> str:
    try:
        where = address(config.load(Path(path)).kiosk)
        with DIRECTLY.open(where, timeout=ANSWERS_WITHIN_S):
            return ""
    except (StationError, OSError) as e:
        return f"the kiosk does not answer: {e}"


if __name__ == "__main__":
    print(main(sys.argv[1]), end="")
