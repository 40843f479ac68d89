"""The scorecard's pages, and its evidence drawn."""
