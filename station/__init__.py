"""The treadmill station: four load cells and one camera make a running-form lab."""

__version__ = "0.1.0"
