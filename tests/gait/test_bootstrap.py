import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.bootstrap import block_bootstrap_means, interval


def test_interval_holds_the_true_mean_at_its_rate():
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        low, high = interval(block_bootstrap_means(rng.normal(5.0, 2.0, 40), rng, draws=400))
        held += low <= 5.0 <= high
    assert 0.70 < held / 400 < 0.88


def test_correlated_steps_widen_the_interval():
    rng = np.random.default_rng(2)
    noise = rng.normal(size=300)
    slow = np.empty(300)
    slow[0] = noise[0]
    for i in range(1, 300):
        slow[i] = 0.9 * slow[i - 1] + np.sqrt(1 - 0.81) * noise[i]
    spread_iid = block_bootstrap_means(slow, rng, block=1).std()
    assert block_bootstrap_means(slow, rng, block=25).std() > 1.5 * spread_iid


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    st.integers(1, 30),
    st.sampled_from(["mean", "median"]),
)
@settings(deadline=None)
def test_any_series_gives_finite_draws_about_its_centre(values, block, centre):
    draws = block_bootstrap_means(np.array(values), np.random.default_rng(0), 200, block, centre)
    assert draws.shape == (200,)
    assert np.isfinite(draws).all()


def test_same_seed_same_draws():
    values = np.arange(20.0)
    a, b = (block_bootstrap_means(values, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(a, b)
