"""A real Chromium against real processes: people at devices of their own, who do what the pages offer."""
