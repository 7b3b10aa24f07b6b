from django.urls import path

from momentum.web.results import views

RESULTS = "dashboard/contest/<uuid:source_id>/results"

urlpatterns = [
    path(RESULTS, views.results, name="results"),
    path(f"{RESULTS}/players/<str:player>", views.player_answers, name="player_answers"),
    path(f"{RESULTS}/<str:table>.csv", views.csv_file, name="results_csv"),
    path(f"{RESULTS}/results.xlsx", views.workbook, name="results_xlsx"),
    path(f"{RESULTS}/link", views.make_link, name="make_link"),
    path(f"{RESULTS}/link/revoke", views.revoke_link, name="revoke_link"),
    path("shared/<str:token>", views.shared, name="shared_results"),
]
