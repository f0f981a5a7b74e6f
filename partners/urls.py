"""The URLs of cities, themes and agreements."""

from django.urls import path

from partners import views
from partners.answers import ANSWERS

app_name = "partners"
urlpatterns = [
    path("cities/", views.cities, name="cities"),
    path("cities/<slug:slug>/", views.city, name="city"),
    path(f"cities/<slug:slug>/{ANSWERS}", views.answers, name="answers"),
    path("themes/", views.themes, name="themes"),
    path("themes/<slug:slug>/", views.theme, name="theme"),
    path("agreements/", views.memoranda, name="memoranda"),
    path("agreements/<slug:slug>/", views.memorandum, name="memorandum"),
]
