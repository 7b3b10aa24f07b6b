"""The API: its calls, and how each kind of refusal is answered."""

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from momentum.web.api.auth import NOT_FOR_KEYS, accounts
from momentum.web.api.schemas import StrictJson
from momentum.web.api_keys.api import router as keys
from momentum.web.attempts.api import router as attempts
from momentum.web.attempts.organising_api import router as organising
from momentum.web.contests.api import router as contests
from momentum.web.errors import problem
from momentum.web.invitations.api import router as invitations
from momentum.web.leaderboards.api import router as leaderboards
from momentum.web.mail.api import router as mail
from momentum.web.play.api import router as play
from momentum.web.refusals import Refusal
from momentum.web.results.api import router as results

api = NinjaAPI(
    title="Momentum",
    version="1",
    description=(
        "Contests, games and the way into them. Sign up and log in at `/_allauth/app/v1/` and send the session token "
        "it gives as `X-Session-Token`; in a browser that has signed in, send the `csrftoken` cookie as `X-CSRFToken`. "
        "Scripts send an API key, made in the account, as `Authorization: Bearer mk_...`; it opens its scopes' calls."
    ),
    urls_namespace="api",
    auth=accounts(NOT_FOR_KEYS),
    parser=StrictJson(),
    # Swagger UI styles its elements by attribute; its scripts and files are served from here like ours.
    docs_decorator=csp_update({"style-src": ["'unsafe-inline'"]}),
)
api.add_router("", contests)
api.add_router("", play)
api.add_router("", keys)
api.add_router("", results)
api.add_router("", leaderboards)
api.add_router("", attempts)
api.add_router("", organising)
api.add_router("", mail)
api.add_router("", invitations)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem(refusal.status, refusal.error, str(refusal))


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, "not_signed_in", _("Sign in, or send X-Session-Token or a valid API key. See /api/docs."))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "not_found", _("There is nothing of yours under this id."))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja itself raises this for bodies only."""
    return problem(400, "unreadable", _("Send one JSON object, with Content-Type: application/json."))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"field": _path(entry["loc"]), "message": str(entry["msg"])} for entry in error.errors]
    return problem(422, "invalid", _("Correct the fields named here. /api/docs says what they take."), fields=fields)


def _path(location: tuple[str | int, ...]) -> str:
    """("body", "payload", "questionCount") -> "questionCount"."""
    return ".".join(str(part) for part in location[2:]) or str(location[-1])
