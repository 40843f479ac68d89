"""Pure analysis of gait: numpy and scipy only, no input or output, no clock."""
