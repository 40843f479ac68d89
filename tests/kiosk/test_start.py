"""What the kiosk needs before it answers: a screen that stays dark for seconds after each start looks broken."""

import subprocess
import sys

PROGRAM = "import sys, station.kiosk.daemon\nprint(*sorted({'scipy', 'cv2', 'av', 'schemdraw'} & set(sys.modules)))"


def test_pages_are_served_without_the_libraries_of_the_analysis() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
