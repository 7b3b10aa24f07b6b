"""The tokens of links in mails: 128 random bits each. Only their digests are kept, so no backup lets anybody in.

Each mail has a token of its own; all that are kept of an invitation lead to it.
"""

import hashlib
import secrets

from momentum.web.invitations.models import Invitation, InvitationToken

TOKEN_BYTES = 16


def issue(invitation: Invitation) -> str:
    """A new token, which is nowhere to be had again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    InvitationToken.objects.create(invitation=invitation, token_hash=_digest(token))
    return token


def find(token: str) -> Invitation | None:
    """The invitation that a token leads to, whatever has become of it."""
    found = InvitationToken.objects.select_related("invitation__contest__owner").filter(token_hash=_digest(token))
    return next((one.invitation for one in found), None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
