"""Addresses of the press room."""

from django.urls import path, re_path

from news import feeds, views

app_name = "news"
urlpatterns = [
    path("news/", views.releases, name="releases"),
    path("news/atom.xml", feeds.Atom(), name="atom"),
    path("news/rss.xml", feeds.RSS(), name="rss"),
    re_path(r"^news/(?P<year>[12]\d{3})/$", views.year, name="year"),
    path("news/<slug:slug>/", views.release, name="release"),
    path("cities/<slug:slug>/atom.xml", feeds.CityAtom(), name="city_atom"),
    path("cities/<slug:slug>/rss.xml", feeds.CityRSS(), name="city_rss"),
    path("themes/<slug:slug>/atom.xml", feeds.ThemeAtom(), name="theme_atom"),
    path("themes/<slug:slug>/rss.xml", feeds.ThemeRSS(), name="theme_rss"),
]
