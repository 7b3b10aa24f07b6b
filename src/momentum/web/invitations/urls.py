from django.urls import path

from momentum.web.invitations import link_views, views

OF_CONTEST = "dashboard/contest/<uuid:contest_id>/invitations"
urlpatterns = [
    path(OF_CONTEST, views.invitations, name="invitations"),
    path(f"{OF_CONTEST}/send", views.send, name="invitations_send"),
    path(f"{OF_CONTEST}/remind", views.remind, name="invitations_remind"),
    path(f"{OF_CONTEST}/<uuid:invitation_id>/again", views.send_again, name="invitation_again"),
    path(f"{OF_CONTEST}/<uuid:invitation_id>/revoke", views.revoke, name="invitation_revoke"),
    path("invitation/<str:token>", link_views.invitation, name="invitation"),
    path("invitation/<str:token>/decline", link_views.decline, name="invitation_decline"),
]
