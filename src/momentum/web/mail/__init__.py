"""Mails: one function each, kept in an outbox, sent by the worker; kept as files where no mail server is set.

Knows no contest and no game: who wants to tell something gives words and addresses.
"""
