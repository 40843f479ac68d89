"""Words that Python puts on a screen; all other words stand in the templates."""

from station.words import N_

STATION_SILENT = N_("The measuring program does not answer. It is started again by itself.")
FORCE_SILENT = N_("The load cells do not answer.")
CAMERA_SILENT = N_("The camera does not answer. A run without the camera is possible.")

VERDICTS = {
    "present": (N_("Present"), N_("Seen clearly in this run.")),
    "likely": (N_("Likely"), N_("Seen in this run, though not beyond all doubt.")),
    "borderline": (N_("Borderline"), N_("Within measurement noise: this run cannot tell.")),
    "unlikely": (N_("Unlikely"), N_("Hardly seen in this run, though it cannot be ruled out.")),
    "not_seen": (N_("Not seen"), N_("Nothing of it in this run.")),
    "not_measured": (N_("Not measured"), N_("This run gave no answer.")),
}
"""Verdict of the report -> (word on the card, sentence on its page)."""

NO_REASON = N_("The report gives no reason.")
UNREADABLE = N_("This part of the report could not be read.")
REPORT_UNREADABLE = N_("The scores of this run could not be read.")
REPORT_LATE = N_("The scores are not here yet.")
NOTHING = "–"
JUDGED = N_("Judged on {judged} of {of} strides")
NO_VERDICT = N_("No verdict")  # a number was measured, but it does not carry one
RANGE = N_("{low} to {high}")

CURVES = {
    "mean_estimated": N_("Mean landing of each foot, corrected for the blur of the load cells"),
    "single_step_blurred": N_("One step of each foot as the load cells saw it, blurred"),
}
CURVES_UNKNOWN = N_("Force under each foot")
PICTURE = N_("{label}, {seconds} s into the run")
PICTURE_UNLABELLED = N_("One moment of the run")
LEFT = N_("Left")
RIGHT = N_("Right")
FEET_AND_STRIKES = {
    "left": LEFT,
    "right": RIGHT,
    "rearfoot": N_("Rearfoot"),
    "midfoot": N_("Midfoot"),
    "forefoot": N_("Forefoot"),
}
TIME_AXIS = N_("ms after landing")
FORCE_AXIS = N_("body weights")
UNITS = {"BW": N_("BW"), "BW/s": N_("BW/s")}
"""Those that are words; ° and % are not."""

PAGE_MISSING = (N_("This page does not exist"), N_("It goes back to the start by itself."))
PAGE_FORBIDDEN = (N_("That tap came too late"), N_("The page was out of date. Please go back and tap again."))
PAGE_FAILED = (N_("Something went wrong here"), N_("The page comes back by itself in a few seconds."))
NOT_ANSWERED = N_("The station did not take that tap")
NOT_STARTED = (N_("The kiosk cannot start"), N_("It tries again by itself. If this stays, please tell the staff."))
