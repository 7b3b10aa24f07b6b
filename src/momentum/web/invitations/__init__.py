"""Invitations by mail: who was invited to a contest, what became of it, and the link that lets them in.

Knows contests, the ways into them, and mail; none of those knows invitations.
"""
