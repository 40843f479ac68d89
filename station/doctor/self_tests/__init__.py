"""The self-tests: every file here that defines SELF_TESTS is found by the registry."""
