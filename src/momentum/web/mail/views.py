from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from momentum.web import addresses
from momentum.web.mail import queries


@require_safe
def kept_mails(request: HttpRequest) -> HttpResponse:
    _for_this_machine_only(request)
    return render(request, "mail/kept_mails.html", {"mails": queries.kept_mails()})


@require_safe
def kept_mail(request: HttpRequest, name: str) -> HttpResponse:
    _for_this_machine_only(request)
    mail = queries.kept_mail(name)
    if mail is None:
        raise Http404
    return render(request, "mail/kept_mail.html", {"mail": mail})


def _for_this_machine_only(request: HttpRequest) -> None:
    """Phones of the same network reach the site too; whoever holds one must not set other people's passwords anew."""
    if not addresses.from_this_machine(request):
        raise Http404
