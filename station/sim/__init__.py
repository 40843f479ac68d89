"""The simulated world: a runner, the deck with its load-cell chips on pins, and the camera."""
