"""Addresses of cities, themes and agreements."""

from django.urls import path

from partners import sharing, views
from twinning.core.sharing_pictures import NAME

app_name = "partners"
urlpatterns = [
    path("cities/", views.cities, name="cities"),
    path("cities/<slug:slug>/", views.city, name="city"),
    path(f"cities/<slug:slug>/{NAME}", sharing.city_picture, name="city_picture"),
    path("themes/", views.themes, name="themes"),
    path("themes/<slug:slug>/", views.theme, name="theme"),
    path(f"themes/<slug:slug>/{NAME}", sharing.theme_picture, name="theme_picture"),
    path("agreements/", views.memoranda, name="memoranda"),
    path("agreements/<slug:slug>/", views.memorandum, name="memorandum"),
    path(f"agreements/<slug:slug>/{NAME}", sharing.memorandum_picture, name="memorandum_picture"),
]
