from django.urls import path

from momentum.web.leaderboards import views

urlpatterns = [
    path("leaderboards/", views.site_leaderboard, name="leaderboards"),
    path("leaderboards/contest/<uuid:contest_id>", views.contest_leaderboard, name="contest_leaderboard"),
    path("leaderboards/organiser/<uuid:organiser_id>", views.organiser_leaderboard, name="organiser_leaderboard"),
    path("ratings/", views.how_ratings_work, name="ratings"),
    path("profile/", views.own_profile, name="profile"),
    path("profile/share", views.share, name="share_profile"),
    path("players/<uuid:user_id>", views.player, name="player"),
]
