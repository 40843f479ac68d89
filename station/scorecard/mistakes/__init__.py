"""One file a mistake; each defines `MISTAKE`. A new file here is a new card, with no other change."""
