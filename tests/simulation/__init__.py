"""Whole games under virtual time: real hubs, ownership, rooms, sockets and clients; simulated clocks, network and journal."""
