"""`station doctor`: named self-tests of a built station, each with a time limit, in an installer's words."""
