"""Standard gravity (3rd CGPM, 1901): between the kilograms of a plate or a runner and the newtons on the deck."""

GRAVITY_M_S2 = 9.80665
