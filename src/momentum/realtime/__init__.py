"""The WebSocket service: sockets, rooms, hubs, the journal. Knows no Django; what it needs of the site is handed in."""
