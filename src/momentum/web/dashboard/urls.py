from django.urls import path

from momentum.web.dashboard import views

urlpatterns = [path("dashboard/", views.dashboard, name="dashboard")]
