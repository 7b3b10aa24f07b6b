from django.urls import path

from momentum.web.attempts import organising_views, views

urlpatterns = [
    path("contest/<uuid:contest_id>/join", views.join, name="contest_join"),
    path("contest/<uuid:contest_id>/start", views.start, name="attempt_start"),
    path("attempt/<uuid:attempt_id>", views.attempt, name="attempt"),
    path("attempt/<uuid:attempt_id>/answer", views.answer, name="attempt_answer"),
    path("attempt/<uuid:attempt_id>/next", views.go_on, name="attempt_next"),
    path("dashboard/contest/<uuid:contest_id>/progress", organising_views.progress, name="contest_progress"),
    path("dashboard/contest/<uuid:contest_id>/end", organising_views.end, name="contest_end"),
    path("dashboard/contest/<uuid:contest_id>/closing", organising_views.move_end, name="contest_move_end"),
    path("dashboard/contest/<uuid:contest_id>/archive", organising_views.archive, name="contest_archive"),
    path("dashboard/contest/<uuid:contest_id>/unarchive", organising_views.unarchive, name="contest_unarchive"),
    path(
        "dashboard/contest/<uuid:contest_id>/questions/<int:position>/void", organising_views.void, name="contest_void"
    ),
    path("dashboard/contest/<uuid:contest_id>/participants", organising_views.participant, name="contest_participant"),
]
