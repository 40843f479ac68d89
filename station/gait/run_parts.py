"""What a run was made of, by the load cells: its episodes, what disturbed the running, the blocks that are judged."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from station.gait.belt_ride import ride_velocities
from station.gait.gait_class import Gait
from station.gait.load_marks import load_marks
from station.gait.parts import Episode, RunParts
from station.gait.run_force import RunForce
from station.gait.sides import UNKNOWN, find_sides
from station.gait.steady_blocks import in_blocks, steady_blocks

WORTH_JUDGING_S = 15.0
"""Running is what a visit is for: so much of it makes a run, however long the walk around it."""


def gait_of(episodes: Sequence[Episode]) -> Gait:
    """What the run was as a whole."""
    running_s, walking_s = (
        sum(e.end_s - e.start_s for e in episodes if e.kind == kind) for kind in ("running", "walking")
    )
    if running_s and (running_s >= min(WORTH_JUDGING_S, walking_s)):
        return "running"
    return "walking" if walking_s else "other"


def running_only(force: RunForce, episodes: Sequence[Episode]) -> RunForce:
    """Without the steps of other episodes: those of walking cannot be told from each other by the whole force."""
    contacts = force.contacts
    running = [e for e in episodes if e.kind == "running"]
    kept = np.zeros(len(contacts), bool)
    for episode in running:
        kept |= (contacts.contact_s >= episode.start_s) & (contacts.toe_off_s <= episode.end_s)
    if kept.all():
        return force
    contacts = contacts.only(kept)
    return replace(force, contacts=contacts, sides=find_sides(force.filtered, contacts))


def judged_only(force: RunForce, parts: RunParts) -> tuple[RunForce, np.ndarray]:
    """The force with the judged steps alone, and which (n,) of its steps these are.

    Their sides are decided by themselves: what breaks a run may also break the alternation of its feet unseen.
    """
    judged = in_blocks(force.contacts, parts.judged)
    if judged.all() or not judged.any():
        return force, np.ones(len(force.contacts), bool)
    contacts = force.contacts.only(judged)
    return replace(force, contacts=contacts, sides=find_sides(force.filtered, contacts)), judged


def with_sides_of(force: RunForce, judged: RunForce, kept: np.ndarray) -> RunForce:
    """The force with the names that the `judged` steps have in it, `kept` (n,) of its steps; others keep their own."""
    foot = np.where(force.sides.known, force.sides.foot, UNKNOWN)
    foot[kept] = judged.sides.foot
    return replace(force, sides=replace(judged.sides, foot=foot))


def run_parts(force: RunForce, episodes: Sequence[Episode], standing_n: float | None) -> RunParts:
    """`force`: with the steps of running alone; `standing_n`: newtons on the deck before the run, where known."""
    velocities_m_s = ride_velocities(force.filtered, force.contacts)
    marks = load_marks(force.raw, force.contacts, standing_n)
    blocks, changes = steady_blocks(force.contacts, velocities_m_s, episodes, marks)
    return RunParts(tuple(episodes), tuple(sorted((*marks, *changes), key=lambda mark: mark.start_s)), blocks)


def judged_speed_m_s(parts: RunParts | None, given_m_s: float | None) -> float | None:
    """The belt's speed in what is judged, as far as it was given: where it changed, nobody said of which part."""
    return None if parts is not None and parts.speed_changes_s else given_m_s
