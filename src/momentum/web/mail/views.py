from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from momentum.web import addresses
from momentum.web.accounts.models import User
from momentum.web.mail import figures, outbox, queries
from momentum.web.mail.models import Mail


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


@require_safe
@never_cache
@login_required
def outbox_page(request: HttpRequest) -> HttpResponse:
    """The state of the outbox, for who operates the site."""
    _for_operators_only(request)
    page = {"figures": figures.figures(), "troubles": figures.troubles()}
    return render(request, "mail/outbox.html", page)


@require_POST
@login_required
def mail_again(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Give a mail that was set aside another day."""
    _for_operators_only(request)
    mail = Mail.objects.filter(pk=mail_id).first()
    if mail is None:
        raise Http404
    outbox.queue_again(mail)
    messages.success(request, _("The mail is in the queue again."))
    return redirect("outbox")


@require_safe
@never_cache
def mail_metrics(request: HttpRequest) -> HttpResponse:
    """For a monitoring program on this machine."""
    _for_this_machine_only(request)
    return HttpResponse(figures.exposition(), content_type=CONTENT_TYPE_LATEST)


def _for_operators_only(request: HttpRequest) -> None:
    if not (isinstance(request.user, User) and request.user.is_staff):
        raise Http404


def _for_this_machine_only(request: HttpRequest) -> None:
    """Phones of the same network reach the site too; who holds one must not set other people's passwords anew, say."""
    if not addresses.from_this_machine(request):
        raise Http404
