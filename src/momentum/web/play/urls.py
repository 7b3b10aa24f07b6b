from django.urls import path

from momentum.web.play import lobby, views

urlpatterns = [
    path("", views.home, name="home"),
    path("join", views.join_by_pin, name="join_by_pin"),
    path("join/<str:code>", views.join, name="join"),
    path("dashboard/contest/<uuid:contest_id>/lobby", lobby.lobby, name="lobby"),
    path("dashboard/contest/<uuid:contest_id>/again", lobby.play_again, name="play_again"),
    path("dashboard/contest/<uuid:game_id>/game", views.game, name="game"),
    path("favicon.ico", views.favicon, name="favicon"),
]
