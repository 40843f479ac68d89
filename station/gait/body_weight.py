"""Body weight from the run itself: over whole strides the runner's vertical momentum does not change.

So the mean force over strides is the weight, on a treadmill as on a scale (biomech: per-stride spread 0.7 %).
"""

import numpy as np

from station.gait.contacts import Contacts
from station.gait.total_force import GroundForce


def stride_mean_forces(ground: GroundForce, contacts: Contacts) -> tuple[np.ndarray, np.ndarray]:
    """((m,) mean force, (m,) duration) of every stride, from a contact to the next of the same foot, each counted once.

    `ground` is the unfiltered force. Successive strides of a chain do not share time.
    """
    impulse = np.concatenate([[0.0], np.cumsum((ground.force_n[1:] + ground.force_n[:-1]) / 2)]) / ground.rate_hz
    means, durations = [], []
    for c in np.unique(contacts.chain):
        start_s = contacts.loaded_from_s[contacts.chain == c][::2]
        durations.extend(np.diff(start_s))
        means.extend(np.diff(np.interp(start_s, ground.t_s, impulse)) / np.diff(start_s))
    return np.array(means), np.array(durations)


def body_weight_n(ground: GroundForce, contacts: Contacts) -> float | None:
    """Mean force over all whole strides; None without one."""
    means, durations = stride_mean_forces(ground, contacts)
    return float(means @ durations / durations.sum()) if len(means) else None
