"""Files of the station: run recordings, their throw-away keys, and the readers of the user's own files."""
