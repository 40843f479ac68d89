"""The simulated runner: one motion that gives the force on the deck and the picture in the camera."""
