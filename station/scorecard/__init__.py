"""The verdicts: from the facts of a run to one card for each mistake, with its probability and its reasons."""
