"""A run leaves the station with its runner, and comes back."""
