"""Words that Python puts on a screen; all other words stand in the templates."""

from station.words import N_

STATION_SILENT = N_("The measuring program does not answer. It is started again by itself.")
FORCE_SILENT = N_("The load cells do not answer.")
BEING_WORKED_ON = N_("The station is being calibrated or examined just now.")
CAMERA_SILENT = N_("The camera does not answer. A run without the camera is possible.")

VERDICTS = {
    "present": (N_("Present"), N_("Seen in this run.")),
    "likely": (N_("Likely"), N_("Seen in this run, though not beyond all doubt.")),
    "borderline": (N_("Borderline"), N_("Within measurement noise: this run cannot tell.")),
    "unlikely": (N_("Unlikely"), N_("Hardly seen in this run, though it cannot be ruled out.")),
    "not_seen": (N_("Not seen"), N_("Not noticeable in this run.")),
    "not_measured": (N_("Not measured"), N_("This run gave no answer.")),
}
"""Verdict of the report -> (word on the card, sentence on its page)."""

LESS_THAN, MORE_THAN = N_("less than {percent}"), N_("more than {percent}")
"""Of a probability that would round to none or to certainty."""
NO_REASON = N_("The report gives no reason.")
UNREADABLE = N_("This part of the report could not be read.")
REPORT_UNREADABLE = N_("The scores of this run could not be read.")
REPORT_LATE = N_("The scores are not here yet.")
NOTHING = "–"
JUDGED = N_("Judged on {judged} of {of} strides")
JUDGED_SHORT = N_("Judged on {judged} of {of}")
CONFIDENCE = {
    "measurement": (
        N_("How well measured"),
        {"high": N_("well"), "medium": N_("fairly well"), "low": N_("roughly")},
    ),
    "meaning": (
        N_("What is known about it"),
        {"high": N_("much"), "medium": N_("something"), "low": N_("little")},
    ),
}
"""Part of a mistake's confidence -> (what it grades, word by grade)."""
GATE_WORDS = {"failed": N_("Not met"), "not_known": N_("Cannot be told"), "held": N_("Met")}
GATES_HELD = N_("{held} of {of} conditions met")
NO_VERDICT = N_("No verdict")  # a number was measured, but it does not carry one
RANGE = N_("{low} to {high}")

CURVES = {
    "mean_estimated": N_("The mean landing of each foot, the load cells' blur taken out: right up to {hz} Hz."),
    "single_step_blurred": N_("Single steps as the load cells saw them, blurred: right up to {hz} Hz."),
}
"""By the kind of a curve; `hz`: its bandwidth."""
CURVES_UNKNOWN = N_("Force under each foot")
BAND = N_("The band is one standard deviation between the single steps, up and down.")
SLOPE = N_("The loading rate is the slope between the two dots.")
STEP_CURVE = N_("This step as the load cells saw it: right up to {hz} Hz.")
OVER_MEAN = N_("Behind it the mean of its foot.")
STEP_OVER_MEAN = N_("Behind it the mean of its foot, the blur taken out, so its landing looks sharper: up to {hz} Hz.")
PICTURE = N_("{label}, {seconds} s into the run")
PICTURE_UNLABELLED = N_("One moment of the run")
LEFT = N_("Left")
RIGHT = N_("Right")
FEET = {
    ("left", True): LEFT,
    ("right", True): RIGHT,
    ("left", False): N_("Foot A"),
    ("right", False): N_("Foot B"),
}
"""(Foot, whether left and right could be named) -> its name."""
MEAN_OF = {
    ("left", True): N_("Mean, left foot"),
    ("right", True): N_("Mean, right foot"),
    ("left", False): N_("Mean, foot A"),
    ("right", False): N_("Mean, foot B"),
}
FOOT_AND_RATE = N_("{foot} {rate} {unit}")
THIS_STEP = N_("This step")
OTHER_STEP = N_("Other foot")
STEP = N_("Step {n}")
STEP_WHEN = {
    "left": N_("Left foot, {minutes} min into the run"),
    "right": N_("Right foot, {minutes} min into the run"),
    None: N_("{minutes} min into the run"),
}
STEP_WORDS = {
    "worst": N_("Worst steps"),
    "standing_out": N_("Steps that stand out most"),
    "example": N_("Examples"),
}
"""A step is called worst only where its single value can be trusted to rank it, and where something is amiss."""
STEP_WORD = {
    "worst": N_("One of the worst steps"),
    "standing_out": N_("One of the steps that stand out most"),
    "example": N_("An example"),
}
WHY_EXAMPLE = N_("This number is sure over many steps, not for a single one: the steps are examples.")
FEET_AND_STRIKES = {
    "left": LEFT,
    "right": RIGHT,
    "rearfoot": N_("Rearfoot"),
    "midfoot": N_("Midfoot"),
    "forefoot": N_("Forefoot"),
}
TIME_AXIS = N_("ms after landing")
FORCE_AXIS = N_("body weights")
NEWTONS = N_("N")
UNITS = {"BW": N_("BW"), "BW/s": N_("BW/s")}
"""Those that are words; ° and % are not."""

PAGE_MISSING = (N_("This page does not exist"), N_("It goes back to the start by itself."))
PAGE_TOO_LONG = (
    N_("That was too much at once"),
    N_("What was sent is longer than this station takes. Please go back and tap again."),
)
PAGE_NOT_UNDERSTOOD = (N_("The station did not understand that"), N_("Please go back and tap again."))
PAGE_FAILED = (N_("Something went wrong here"), N_("The page comes back by itself in a few seconds."))
NOT_ANSWERED = N_("The station did not take that tap")
PAGE_REFUSED = (NOT_ANSWERED, N_("The page may be out of date. Please go back and tap again."))
WRONG_CONFIG = (N_("The settings of this station are wrong"), N_("Once that is mended, it goes on by itself."))
NOT_STARTED = (N_("The kiosk cannot start"), N_("It tries again by itself. If this stays, please tell the staff."))
