"""The baked bodies of the simulated runner, and the developer's tool that bakes them (see NOTICE)."""
