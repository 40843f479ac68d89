import numpy as np
import pytest
from scipy.signal import find_peaks

from station.messages import CHANNELS, CalibrationPrompt
from station.sim.installer import OWN_MASS_KG, PLACE_S, Installer
from station.sim.rig import Rig
from station.sim.runner.corners import DEFAULT_PLACES, corner_forces
from station.sim.taps import TAP_EVERY_S, TAP_LENGTH_S, TAP_PEAK_N
from station.sim.virtual_clock import VirtualClock

G = 9.80665


def prompt(action: str, **where: float) -> CalibrationPrompt:
    return CalibrationPrompt(action=action, text="", **where)


def total(installer: Installer, *t_s: float) -> np.ndarray:
    return installer.cell_force_n(np.array(t_s)).sum(axis=0)


def shares(x_m: float, y_m: float) -> np.ndarray:
    return corner_forces(np.ones(1), np.array([x_m]), np.array([y_m]))[:, 0]


def blows(installer: Installer, start_s: float, end_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Instants of the peaks and their newtons."""
    t_s = np.arange(start_s, end_s, 1e-4)
    force_n = total(installer, *t_s)
    peaks = find_peaks(force_n, height=50.0)[0]
    return t_s[peaks], force_n[peaks]


@pytest.fixture
def installer() -> Installer:
    return Installer(DEFAULT_PLACES, seed=3)


def test_a_mass_lies_where_it_was_asked_for_and_is_taken_away(installer):
    installer.obey(prompt("place", mass_kg=20.0, x_m=0.6, y_m=-0.25), 10.0)
    assert total(installer, 10.0)[0] == 0
    lying = installer.cell_force_n(np.array([10.0 + PLACE_S, 14.0]))
    assert lying == pytest.approx(np.outer(20.0 * G * shares(0.6, -0.25), np.ones(2)))
    installer.obey(prompt("wait"), 15.0)
    assert total(installer, 17.0)[0] == pytest.approx(20.0 * G)
    installer.obey(prompt("unload"), 18.0)
    assert total(installer, 18.0, 18.0 + PLACE_S) == pytest.approx([20.0 * G, 0.0])


def test_the_next_mass_replaces_the_one_before(installer):
    installer.obey(prompt("place", mass_kg=20.0, x_m=0.6, y_m=0.0), 1.0)
    installer.obey(prompt("place", mass_kg=10.0, x_m=0.0, y_m=0.2), 5.0)
    assert installer.cell_force_n(np.array([6.0]))[:, 0] == pytest.approx(10.0 * G * shares(0.0, 0.2))
    installer.obey(prompt("done"), 8.0)
    assert total(installer, 9.0)[0] == pytest.approx(0.0)


def test_a_mass_is_put_down_without_a_jerk(installer):
    installer.obey(prompt("place", mass_kg=25.0, x_m=0.0, y_m=0.0), 1.0)
    force_n = total(installer, *np.arange(0.9, 1.7, 1e-3))
    assert np.abs(np.diff(force_n)).max() < 25 * G * np.pi / 2 / PLACE_S * 1e-3 + 1e-6


def test_taps_come_at_random_until_the_next_prompt(installer):
    installer.obey(prompt("tap", x_m=0.3, y_m=0.1), 100.0)
    at_s, peak_n = blows(installer, 100.0, 120.0)
    gaps_s = np.diff(at_s)
    assert len(at_s) > 10
    assert gaps_s.min() > TAP_EVERY_S[0] - TAP_LENGTH_S[1]
    assert gaps_s.max() < TAP_EVERY_S[1] + TAP_LENGTH_S[1]
    assert gaps_s.std() > 0.05
    assert peak_n.min() >= 0.99 * TAP_PEAK_N[0]
    assert peak_n.max() <= TAP_PEAK_N[1]
    cells_n = installer.cell_force_n(at_s)
    assert cells_n == pytest.approx(np.outer(shares(0.3, 0.1), peak_n))
    installer.obey(prompt("wait"), 110.0)
    assert np.array_equal(blows(installer, 100.0, 120.0)[0], at_s[at_s < 110.0])


def test_the_hand_follows_the_seed():
    def tapped(seed: int) -> np.ndarray:
        installer = Installer(DEFAULT_PLACES, seed)
        installer.obey(prompt("tap", x_m=0.0, y_m=0.0), 0.0)
        return total(installer, *np.arange(0, 3, 1e-3))

    assert np.array_equal(tapped(1), tapped(1))
    assert not np.array_equal(tapped(1), tapped(2))


def test_plates_may_be_off_their_labels_and_stay_so():
    honest, gym = Installer(DEFAULT_PLACES, 1), Installer(DEFAULT_PLACES, 1, mass_error=0.03)
    assert honest.true_mass_kg(20.0) == 20.0
    errors = np.array([gym.true_mass_kg(kg) / kg - 1 for kg in (5.0, 10.0, 15.0, 20.0, 25.0)])
    assert np.abs(errors).max() <= 0.03
    assert np.ptp(errors) > 0.01
    assert gym.true_mass_kg(20.0) == gym.true_mass_kg(20.0)


def test_where_no_mass_is_named_the_installer_stands_there(installer):
    installer.obey(prompt("place", x_m=0.0, y_m=0.0), 1.0)
    assert total(installer, 3.0)[0] == pytest.approx(OWN_MASS_KG * 9.80665)


def test_the_bench_obeys_through_its_chips():
    rig = Rig(seed=2)

    def counts() -> np.ndarray:
        columns = rig.front_end.read(0.5).arrays()
        return np.array([columns["raw"][columns["channel"] == c].mean() for c in range(len(CHANNELS))])

    rig.front_end.read(0.3)
    empty = counts()
    rig.obey(prompt("place", mass_kg=30.0, x_m=-0.5, y_m=0.2))
    rig.front_end.read(PLACE_S + 0.1)
    newtons = (counts() - empty) / [spec.counts_per_newton for spec in rig.specs]
    assert newtons == pytest.approx(30.0 * G * shares(-0.5, 0.2), abs=0.1)


def test_the_bench_taps_now_and_the_chips_see_the_impulse():
    rig = Rig(seed=2)
    rig.front_end.read(0.3)
    assert isinstance(rig.clock, VirtualClock)
    rig.tap(0.0, 0.0)
    columns = rig.front_end.read(0.3).arrays()
    tap = rig.installer._taps[0][1]
    seen = 0.0
    for c, spec in enumerate(rig.specs):
        raw = columns["raw"][columns["channel"] == c]
        seen += ((raw - spec.offset_counts) / spec.counts_per_newton).sum() / spec.rate_sps
    assert seen == pytest.approx(tap.peak_n * tap.length_s * 2 / np.pi, rel=0.05)
