"""People: accounts, sign-up, login and its limits.

Knows no contest and no game. Guests, who have no account, belong to `play`.
"""
