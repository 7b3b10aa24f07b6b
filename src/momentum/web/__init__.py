"""The site: accounts, questions, contests, play pages, REST.

Meets realtime only in the tickets a browser carries, in HTTP calls and in the database.
"""
