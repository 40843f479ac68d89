"""The staff area, behind its PIN."""
