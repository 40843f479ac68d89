"""The process that scores a run: it follows the run and solves its force block by block, so that little is left to do
when the last frame is posed. `python -m station.fusion.scoring_worker ADDRESS` is started by `station.fusion.scorer`.
"""

import logging
import signal
import sys

import zmq

from station.bus import Line
from station.errors import StationError
from station.fusion.early_blocks import EarlyBlocks
from station.fusion.scoring import ForceHalf, force_half, score, setup_of
from station.fusion.session import SessionBuilder
from station.gait.force_analysis import analyse_run
from station.gait.force_blocks import ForceBlock
from station.gait.run_force import SolvedRun
from station.messages import Calibration, Done, Mark, Message, ScoreNow, SolvedSteps
from station.parent import end_with_parent
from station.words import N_

log = logging.getLogger(__name__)

FAILED = N_("This run could not be scored.")
FAILED_BECAUSE = N_("This run could not be scored: {why}.")


class ScoringWorker:
    """Serves one run."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._builder = SessionBuilder()
        self._early = EarlyBlocks()
        self._force: ForceHalf | None = None  # once the run is over

    def serve(self) -> None:
        """Take messages, solve what is due whenever none is waiting, and answer ScoreNow."""
        while True:
            stretch = self._early.due
            message = self._line.receive(timeout_s=None if stretch is None else 0.0)
            if isinstance(message, ScoreNow):
                self._line.send(self._outcome())
                return
            if message is not None:
                self._builder.add(message)
                self._early.take(message)
                if isinstance(message, Mark) and message.phase == "score":
                    self._analyse_force()
            elif stretch is not None:
                self._solve(stretch)

    def _solve(self, stretch) -> None:
        try:
            block = self._early.solve(stretch)
            self._line.send(_steps_of(block, self._early.calibration))
        except Exception:  # a defect of ours; the run goes on, and is solved as a whole when it is over
            log.exception("block at %g s", stretch.start_s)
            self._early.stop()

    def _analyse_force(self) -> None:
        """The run is over, but its last frames are still being posed: time for all that needs no frame."""
        while (stretch := self._early.due) is not None:
            self._solve(stretch)
        try:
            self._force = force_half(self._builder.build(), self._early.blocks)
        except Exception as e:  # the scoring meets it again and answers for it
            log.warning("the force was not analysed ahead: %r", e)

    def _outcome(self) -> Message:
        try:
            return score(self._builder.build(), self._force)
        except StationError as e:
            return Done(error=FAILED_BECAUSE.format(why=e))
        except Exception:  # a defect of ours in one run must not take the station down
            log.exception("scoring failed")
            return Done(error=FAILED)


def _steps_of(block: ForceBlock, calibration: Calibration) -> SolvedSteps:
    """The steps of one block by itself, in the body weights that it tells."""
    run = SolvedRun(block.stretch.start_s, block.stretch.end_s, block.cells, (block,))
    steps = analyse_run(run, setup_of(calibration, run)).steps
    return SolvedSteps(
        contact_s=[step.contact_s for step in steps],
        contact_time_ms=[step.contact_time_ms for step in steps],
        peak_force_bw=[step.peak_force_bw for step in steps],
    )


def main() -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the daemon, which ends this process
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    context = zmq.Context()
    line = Line(context, sys.argv[1], bind=False)
    ScoringWorker(line).serve()
    line.close()
    context.term()


if __name__ == "__main__":
    main()
