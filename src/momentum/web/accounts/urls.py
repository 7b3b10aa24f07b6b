"""Ours beside allauth's, which stand below /accounts/ too."""

from django.urls import path

from momentum.web.accounts import views

urlpatterns = [
    path("accounts/", views.account, name="account"),
]
