"""The own keys over REST: seen and revoked, never made. For people who are signed in, not for keys."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status

from momentum.web.api import auth
from momentum.web.api.auth import NOT_FOR_KEYS, accounts
from momentum.web.api.schemas import Answer, Problem
from momentum.web.api_keys import actions, queries

router = Router(tags=["keys"], by_alias=True)


class KeyAnswer(Answer):
    """`prefix`: what the key begins with."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    state: Literal["active", "expired", "revoked"]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class KeyList(Answer):
    keys: list[KeyAnswer]


@router.get("/keys", auth=accounts(NOT_FOR_KEYS), response={200: KeyList, 401: Problem}, summary="Your API keys")
def list_keys(request: HttpRequest) -> KeyList:
    return KeyList(keys=[KeyAnswer(**vars(card)) for card in queries.cards_of(auth.caller_account(request))])


@router.delete(
    "/keys/{uuid:key_id}",
    auth=accounts(NOT_FOR_KEYS),
    response={204: None, 401: Problem, 404: Problem},
    summary="Revoke an API key",
)
def revoke_key(request: HttpRequest, key_id: UUID) -> Status[None]:
    key = queries.own_key(auth.caller_account(request), key_id)
    if key is None:
        raise Http404
    actions.revoke_key(key)
    return Status(204, None)
