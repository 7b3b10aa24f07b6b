from django.urls import path

from momentum.web.webhooks import views

urlpatterns = [
    path("accounts/webhooks", views.webhooks, name="webhooks"),
    path("accounts/webhooks/<uuid:endpoint_id>", views.webhook, name="webhook"),
    path("accounts/webhooks/<uuid:endpoint_id>/test", views.webhook_test, name="webhook_test"),
    path("accounts/webhooks/<uuid:endpoint_id>/pause", views.webhook_pause, name="webhook_pause"),
    path("accounts/webhooks/<uuid:endpoint_id>/resume", views.webhook_resume, name="webhook_resume"),
    path("accounts/webhooks/<uuid:endpoint_id>/delete", views.webhook_delete, name="webhook_delete"),
    path("accounts/webhooks/messages/<uuid:delivery_id>/again", views.webhook_send_again, name="webhook_send_again"),
]
