import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory

from momentum.web import errors


def test_pages_say_what_happened(anyone: Client) -> None:
    answer = anyone.get("/no-such-page")
    assert answer.status_code == 404
    assert "<html" in answer.content.decode()


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (lambda request: errors.bad_request(request, SuspiciousOperation()), 400),
        (lambda request: errors.permission_denied(request, PermissionDenied()), 403),
        (lambda request: errors.csrf_failure(request), 403),
        (lambda request: errors.page_not_found(request, Http404()), 404),
        (lambda request: errors.server_error(request), 500),
    ],
)
def test_each_refusal_is_a_page_for_people_and_json_for_programs(view: object, status: int) -> None:
    def answer(path: str) -> object:
        request: HttpRequest = RequestFactory().get(path)
        return view(request)  # type: ignore[operator]

    page, body = answer("/somewhere"), answer("/api/somewhere")
    assert page.status_code == body.status_code == status  # type: ignore[attr-defined]
    assert page["Content-Type"].startswith("text/html")  # type: ignore[index]
    assert body["Content-Type"] == "application/json"  # type: ignore[index]
