"""Load cells: from the pins of four chips to timed raw samples on the bus."""
