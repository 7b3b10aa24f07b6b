from django.urls import path

from momentum.web.own_data import views

urlpatterns = [
    path("accounts/data", views.download, name="own_data"),
    path("accounts/delete", views.account_delete, name="account_delete"),
]
