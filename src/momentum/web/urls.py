"""All addresses of the site."""

from django.urls import include, path

from momentum.web import errors
from momentum.web.api.frame import api

urlpatterns = [
    path("", include("momentum.web.play.urls")),
    path("", include("momentum.web.results.urls")),
    path("", include("momentum.web.leaderboards.urls")),
    path("", include("momentum.web.dashboard.urls")),
    path("", include("momentum.web.contests.urls")),
    path("", include("momentum.web.attempts.urls")),
    path("", include("momentum.web.accounts.urls")),
    path("", include("momentum.web.own_data.urls")),
    path("", include("momentum.web.api_keys.urls")),
    path("", include("momentum.web.webhooks.urls")),
    path("", include("momentum.web.mail.urls")),
    path("", include("momentum.web.invitations.urls")),
    path("", include("momentum.web.api.urls")),
    path("api/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
