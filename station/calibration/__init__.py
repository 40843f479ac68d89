"""From counts to newtons: tare, load grid and kernel test, and the artefact they make."""
