"""What an organiser sets up: contests, their settings and their life, and what a game of one is made of."""
