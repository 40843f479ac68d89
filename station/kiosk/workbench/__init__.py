"""Calibrations in the browser."""
