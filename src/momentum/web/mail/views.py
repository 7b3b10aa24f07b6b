from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from momentum.web.mail import queries


@require_safe
def kept_mails(request: HttpRequest) -> HttpResponse:
    return render(request, "mail/kept_mails.html", {"mails": queries.kept_mails()})


@require_safe
def kept_mail(request: HttpRequest, name: str) -> HttpResponse:
    mail = queries.kept_mail(name)
    if mail is None:
        raise Http404
    return render(request, "mail/kept_mail.html", {"mail": mail})
