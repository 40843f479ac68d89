"""Words that Python puts on a screen; all other words stand in the templates."""

STATION_SILENT = "The measuring program does not answer. It is started again by itself."
FORCE_SILENT = "The load cells do not answer."
CAMERA_SILENT = "The camera does not answer. A run without the camera is possible."

VERDICTS = {
    "present": ("Present", "Seen clearly in this run."),
    "likely": ("Likely", "Seen in this run, though not beyond all doubt."),
    "borderline": ("Borderline", "Within measurement noise: this run cannot tell."),
    "unlikely": ("Unlikely", "Hardly seen in this run, though it cannot be ruled out."),
    "not_seen": ("Not seen", "Nothing of it in this run."),
    "not_measured": ("Not measured", "This run gave no answer."),
}
"""Verdict of the report -> (word on the card, sentence on its page)."""

NO_REASON = "The report gives no reason."
UNREADABLE = "This part of the report could not be read."
REPORT_UNREADABLE = "The scores of this run could not be read."
REPORT_LATE = "The scores are not here yet."
NOTHING = "–"
MINUS = "−"
JUDGED = "Judged on {judged} of {of} strides"
NO_VERDICT = "No verdict"  # a number was measured, but it does not carry one
RANGE = "{low} to {high}"

CURVES = {
    "mean_estimated": "Mean landing of each foot, corrected for the blur of the load cells",
    "single_step_blurred": "One step of each foot as the load cells saw it, blurred",
}
CURVES_UNKNOWN = "Force under each foot"
PICTURE = "{label}, {seconds} s into the run"
PICTURE_UNLABELLED = "One moment of the run"
LEFT = "Left"
RIGHT = "Right"
FEET_AND_STRIKES = {"left": LEFT, "right": RIGHT, "rearfoot": "Rearfoot", "midfoot": "Midfoot", "forefoot": "Forefoot"}
TIME_AXIS = "ms after landing"
FORCE_AXIS = "body weights"

PAGE_MISSING = ("This page does not exist", "It goes back to the start by itself.")
PAGE_FORBIDDEN = ("That tap came too late", "The page was out of date. Please go back and tap again.")
PAGE_FAILED = ("Something went wrong here", "The page comes back by itself in a few seconds.")
NOT_ANSWERED = "The station did not take that tap"
NOT_STARTED = ("The kiosk cannot start", "It tries again by itself. If this stays, please tell the staff.")
