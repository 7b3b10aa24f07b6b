"""What may be known of endpoints. Only the owner's: everybody else's are not there."""

from uuid import UUID

from django.db.models import QuerySet

from momentum.web.accounts.models import User
from momentum.web.webhooks.models import Delivery, Endpoint

SHOWN = 50


def endpoints_of(owner: User) -> QuerySet[Endpoint]:
    """Oldest first."""
    return Endpoint.objects.filter(owner=owner).order_by("created_at", "pk")


def endpoint_of(owner: User, endpoint_id: UUID) -> Endpoint | None:
    return endpoints_of(owner).filter(pk=endpoint_id).first()


def delivery_of(owner: User, delivery_id: UUID) -> Delivery | None:
    return Delivery.objects.filter(endpoint__owner=owner, pk=delivery_id).first()


def latest_deliveries(endpoint: Endpoint) -> list[Delivery]:
    """The newest SHOWN messages."""
    return list(endpoint.deliveries.order_by("-created_at", "pk")[:SHOWN])
