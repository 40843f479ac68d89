"""From counts to newtons: tare, load grid, kernel and tap test as step machines, and what their parts make."""
