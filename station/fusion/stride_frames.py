"""Which frames of one stride the pose net looks at.

Where the camera is fast enough for the landing foot, those about the contact, so that the foot's angle can be read
between two neighbours (four at 50 to 90 frames a second, five at 100, seven at 200); one in mid-stance, the
same foot flat; and one of the swing, in turn at four places, so that four strides together show the whole of it
(`gait.posture_strides` wants no gap of more than a quarter of a stride; with three places the forearm's swing reads 6-9
degrees too large, with four 3).
In every fourth stride two frames take the place of that in mid-stance: at the ends of the time the foot rests on the
belt, they tell the belt's speed.
"""

import math

from station.fusion.live_contacts import LiveContact
from station.gait.posture_gates import LEAST_FPS_FOOT

FRAMES = 6
"""Of a stride at the usual 60 frames a second, and of one for posture alone."""
CONTACT_ERROR_NS = 10_000_000
"""A live contact is off by -5..+2 ms on simulated runners: the frames about it reach so far on either side."""
CLOSER = 0.95  # instants are closer together than frames, so that no frame between two of them is passed over
MID_STANCE = 0.42  # of the contact time
RIDE = (0.28, 0.56)  # of the contact time: about half a frame inside of `gait.standing_foot.STANDING`
RIDE_EVERY = 4  # strides
SWING_BEFORE = (0.20, 0.37, 0.53, 0.70)  # of the stride, back from the contact
USUAL_STRIDE_NS = 720_000_000
STRIDE_RANGE_NS = (400_000_000, 1_300_000_000)


def instants_of(contact: LiveContact, stride_ns: int, frame_ns: float, turn: int) -> list[int]:
    """Instants of the frames, those that matter most first; all lie in the past once the contact has ended.

    `frame_ns`: from one frame of the camera to the next. `turn` counts the strides.
    """
    if frame_ns > 1e9 / LEAST_FPS_FOOT:
        return _evenly(contact, stride_ns)
    stance_ns = contact.toe_off_ns - contact.contact_ns
    standing_ns = [share * stance_ns for share in (RIDE if turn % RIDE_EVERY == RIDE_EVERY - 1 else (MID_STANCE,))]
    swing_ns = SWING_BEFORE[turn % len(SWING_BEFORE)] * stride_ns
    about_ns = _about_contact(frame_ns)
    return [contact.contact_ns + round(since_ns) for since_ns in (*about_ns, *standing_ns, -swing_ns)]


def stride_between(before: LiveContact | None, contact: LiveContact) -> int:
    """Nanoseconds from one contact of a foot to the next; the usual, where the two cannot be neighbours."""
    stride_ns = contact.contact_ns - before.contact_ns if before is not None else 0
    return stride_ns if STRIDE_RANGE_NS[0] <= stride_ns <= STRIDE_RANGE_NS[1] else USUAL_STRIDE_NS


def _about_contact(frame_ns: float) -> list[float]:
    """Neighbouring frames: wherever the camera's clock stands, one lies CONTACT_ERROR_NS or more on either side.

    Each instant is answered by a frame up to half a frame off.
    """
    spacing_ns = CLOSER * frame_ns
    n = math.ceil(1 + (2 * CONTACT_ERROR_NS + frame_ns) / spacing_ns)
    return [(k - (n - 1) / 2) * spacing_ns for k in range(n)]


def _evenly(contact: LiveContact, stride_ns: int) -> list[int]:
    """For posture alone: the stride before the contact."""
    return [contact.contact_ns - round(k * stride_ns / FRAMES) for k in range(FRAMES)]
