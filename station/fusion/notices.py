"""What the daemon tells the runner about a visit that did not go as it should, or why there can be none."""

from station.words import N_

CELLS_SILENT = N_("The load cells fell silent; the run is scored up to there.")
CELLS_GAVE_UP = N_("The load cells give no data: please tell the staff.")
WORKED_ON = N_("the station is being calibrated or examined; begin when that is over")
GOING_ON = N_("a visit is going on already")
NOT_CALIBRATED = N_("the load cells are not calibrated")
NOBODY_RUNS = N_("nobody is running")
VISIT_OVER = N_("that visit is over already")
RESTARTED = N_("The station restarted during the run; it is scored up to there.")
ONCE_MORE = N_("The station restarted: please stand still once more.")
NOT_AGAIN = N_("The station restarted and cannot go on with this visit: please begin again.")
NOT_FORGOTTEN = N_("The disk did not let go of everything that was stored of this run: please tell the staff.")
NOT_NOW = N_("The station restarted and cannot go on with this visit: {why}.")
