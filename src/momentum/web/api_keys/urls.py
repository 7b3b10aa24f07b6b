from django.urls import path

from momentum.web.api_keys import views

urlpatterns = [
    path("accounts/keys", views.api_keys, name="api_keys"),
    path("accounts/keys/<uuid:key_id>/revoke", views.api_key_revoke, name="api_key_revoke"),
]
