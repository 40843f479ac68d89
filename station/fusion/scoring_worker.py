"""The process that scores a run: it follows the run, solves its force block by block, and the rest of it while nobody
moves any more, so that little is left to do when the run is over. `python -m station.fusion.scoring_worker ADDRESS` is
started by `station.fusion.scorer`.
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
from station.messages import Calibration, Done, Mark, Message, RunMayEnd, ScoreNow, SolvedSteps
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
        self._may_end_ns: int | None = None  # the run; to be analysed up to there
        self._force: ForceHalf | None = None
        self._force_end_s: float | None = None  # of the run as it was analysed

    def serve(self) -> None:
        """Take messages, solve what is due whenever none is waiting, and answer ScoreNow."""
        while True:
            stretch = self._early.due
            idle = stretch is None and self._may_end_ns is None
            message = self._line.receive(timeout_s=None if idle else 0.0)
            if isinstance(message, ScoreNow):
                self._line.send(self._outcome())
                return
            if isinstance(message, RunMayEnd):
                self._may_end_ns = message.t_ns
            elif message is not None:
                self._builder.add(message)
                self._early.take(message)
                if isinstance(message, Mark) and message.phase == "score":
                    self._analyse_force(message.t_ns)
            elif stretch is not None:
                self._solve(stretch)
            elif self._may_end_ns is not None:
                self._analyse_force(self._may_end_ns)

    def _solve(self, stretch) -> None:
        try:
            block = self._early.solve(stretch)
            self._line.send(_steps_of(block, self._early.calibration))
        except Exception:  # a defect of ours; the run goes on, and is solved as a whole when it is over
            log.exception("block at %g s", stretch.start_s)
            self._early.stop()

    def _analyse_force(self, end_ns: int) -> None:
        """All that needs no frame, of the run up to there: it is over, or nobody has moved for a while."""
        self._may_end_ns = None
        while (stretch := self._early.due) is not None:
            self._solve(stretch)
        try:
            session = self._builder.build(end_ns)
            if session.end_s != self._force_end_s:
                self._force, self._force_end_s = force_half(session, self._early.blocks), session.end_s
        except Exception as e:  # the scoring meets it again and answers for it
            log.warning("the force was not analysed ahead: %r", e)

    def _outcome(self) -> Message:
        try:
            session = self._builder.build()
            return score(session, self._force if session.end_s == self._force_end_s else None)
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
