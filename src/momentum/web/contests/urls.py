from django.urls import path

from momentum.web.contests import views

urlpatterns = [
    path("dashboard/contest/new", views.contest_new, name="contest_new"),
    path("dashboard/contest/<uuid:contest_id>/edit", views.contest_edit, name="contest_edit"),
    path("dashboard/contest/<uuid:contest_id>/duplicate", views.contest_duplicate, name="contest_duplicate"),
    path("dashboard/contest/<uuid:contest_id>/delete", views.contest_delete, name="contest_delete"),
]
