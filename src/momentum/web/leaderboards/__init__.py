"""What finished games and contests add up to: leaderboards, players' profiles and ratings.

All of it is the worker's projection of their results and can be computed from them again.
"""
