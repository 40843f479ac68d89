"""The first set-up in the browser."""
