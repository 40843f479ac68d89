"""Body weight from the run itself: over whole strides the runner's vertical momentum does not change.

So the mean force over strides is the weight, on a treadmill as on a scale (biomech: per-stride spread 0.7 %).
"""

import numpy as np

from station.gait.contacts import Contacts
from station.gait.total_force import GroundForce


def stride_forces(ground: GroundForce, contacts: Contacts) -> tuple[np.ndarray, np.ndarray]:
    """((m, 2) beginning and end, (m,) mean force) of every stride, from a contact to the next of the same foot.

    `ground` is the unfiltered force. Each stride counts once: successive ones of a chain do not share time.
    """
    impulse = np.concatenate([[0.0], np.cumsum((ground.force_n[1:] + ground.force_n[:-1]) / 2)]) / ground.rate_hz
    starts_s = [contacts.loaded_from_s[contacts.chain == c][::2] for c in np.unique(contacts.chain)]
    spans_s = np.concatenate([np.stack([s[:-1], s[1:]], axis=1) for s in starts_s] or [np.zeros((0, 2))])
    first, last = (np.interp(spans_s[:, k], ground.t_s, impulse) for k in (0, 1))
    return spans_s, (last - first) / (spans_s[:, 1] - spans_s[:, 0])


def body_weight_n(ground: GroundForce, contacts: Contacts) -> float | None:
    """Mean force over all whole strides; None without one."""
    spans_s, means = stride_forces(ground, contacts)
    durations = spans_s[:, 1] - spans_s[:, 0]
    return float(means @ durations / durations.sum()) if len(means) else None
