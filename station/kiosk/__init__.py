"""The runner's touch kiosk: pages over Flask, fed by the bus, offline."""
