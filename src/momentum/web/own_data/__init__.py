"""What the site keeps of a person with an account: to take along, and to take away.

Knows the tables of all other apps, and none of them knows it.
"""
