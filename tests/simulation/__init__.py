"""Whole games under virtual time: everything of realtime is real, but its clocks, its network and its database."""
