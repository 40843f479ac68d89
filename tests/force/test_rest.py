import numpy as np
import pytest

from station.force.rest import Rest
from station.messages import Calibration, CellCalibration, SampleBatch
from tests.force.four_chips import FourChips, as_made

NEWTON_PER_COUNT = np.array([4.5e-4, 4.7e-4, -4.6e-4, 4.4e-4])
OFFSETS = np.array([12_000.0, -80_000.0, 300.0, 151_000.0])
NOISE_N = 0.12


def calibration(tare_n: float = 0.0) -> Calibration:
    return Calibration(
        id="test",
        created_utc="",
        cells=[
            CellCalibration(
                channel=f"{c}",
                x_m=0,
                y_m=0,
                offset_counts=OFFSETS[c] + tare_n / gain,
                newton_per_count=gain,
                kernel=None,
            )
            for c, gain in enumerate(NEWTON_PER_COUNT)
        ],
        deck=None,
    )


def second(forces_n, seed: int = 1, sway_n: float = 0.0) -> SampleBatch:
    """80 conversions of each chip: these newtons on the four cells, noise, and a slow sway on all."""
    rng = np.random.default_rng(seed)
    t_s = np.arange(80) / 80
    newtons = (
        np.asarray(forces_n, float)[:, None] + sway_n * np.sin(2 * np.pi * t_s) + NOISE_N * rng.normal(size=(4, 80))
    )
    raw = np.round(newtons / NEWTON_PER_COUNT[:, None] + OFFSETS[:, None])
    none = np.zeros(320)
    return SampleBatch.of(
        channel=np.repeat(np.arange(4), 80), raw=raw.ravel(), t_high_ns=none, t_low_ns=none, seq=none, flags=none
    )


def looked(*batches: SampleBatch) -> Rest:
    rest = Rest(calibration())
    for batch in batches:
        rest.add(batch)
        rest.look()
    return rest


def test_an_unloaded_deck_tells_noise_and_drift():
    rest = looked(second([3.0, -1.0, 0.0, 8.0]))
    assert rest.noise_n == pytest.approx([NOISE_N] * 4, rel=0.3)
    assert rest.zero_drift_n == pytest.approx([3.0, -1.0, 0.0, 8.0], abs=0.1)


def test_somebody_who_stands_still_is_no_drift():
    rest = looked(second([150.0, 160.0, 140.0, 180.0], sway_n=1.5))
    assert rest.noise_n == pytest.approx([NOISE_N] * 4, rel=0.5), "the sway is not noise"
    assert rest.zero_drift_n == [None] * 4


def test_a_runner_tells_nothing_and_what_was_known_stays():
    rest = looked(second([3.0, -1.0, 0.0, 8.0]), second([200.0] * 4, seed=2, sway_n=300.0))
    assert rest.noise_n == pytest.approx([NOISE_N] * 4, rel=0.3)
    assert rest.zero_drift_n == pytest.approx([3.0, -1.0, 0.0, 8.0], abs=0.1)


def test_nothing_is_known_before_the_first_rest_or_without_a_calibration():
    fresh, without = Rest(calibration()), Rest(None)
    fresh.look()
    without.add(second([0.0] * 4))
    without.look()
    for rest in (fresh, without):
        assert rest.noise_n == rest.zero_drift_n == [None] * 4


def test_a_new_tare_counts_from_the_next_look_on():
    rest = looked(second([5.0] * 4))
    retared = calibration(tare_n=5.0)
    rest.use(retared)
    assert rest.zero_drift_n == [None] * 4
    rest.add(second([5.5] * 4, seed=2))
    rest.look()
    rest.use(retared)
    assert rest.zero_drift_n == pytest.approx([0.5] * 4, abs=0.1)


def test_a_second_in_which_a_chip_was_silent_is_left_out():
    batch = second([0.0] * 4).arrays()
    kept = batch["channel"] != 2
    assert looked(SampleBatch.of(**{k: v[kept] for k, v in batch.items()})).noise_n == [None] * 4


def test_the_noise_of_simulated_chips_is_what_they_were_made_with():
    bench = FourChips(lambda t_s: np.full(len(t_s), 2.5))
    rest = Rest(as_made(bench.specs))
    bench.reader.read(0.5)
    for _ in range(20):
        rest.add(bench.reader.read(0.05))
    rest.look()
    assert rest.noise_n == pytest.approx([s.noise_n for s in bench.specs], rel=0.35)
    assert rest.zero_drift_n == pytest.approx([2.5] * 4, abs=0.1)
