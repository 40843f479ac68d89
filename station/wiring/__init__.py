"""Drawings of a station's wiring, made of the pins that its configuration names."""
