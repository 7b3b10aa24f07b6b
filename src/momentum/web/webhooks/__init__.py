"""Webhooks: an organiser's own servers are told what happened, signed as the Standard Webhooks specification has it.

What happened is queued in the transaction in which it happens; the worker delivers it, at least once.
"""
