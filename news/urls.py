"""The URLs of press releases and feeds."""

from django.urls import path, re_path

from news import calendars, feeds, press_pack, views
from news.alerts import pages as alerts
from news.quotes import answering
from news.radar import pages as radar
from twinning.core.web.http import machine_readable

app_name = "news"
urlpatterns = [
    path("news/", views.releases, name="releases"),
    path("news/atom.xml", machine_readable(feeds.Atom()), name="atom"),
    path("news/rss.xml", machine_readable(feeds.RSS()), name="rss"),
    path("news/feed.json", machine_readable(feeds.JSON()), name="json"),
    re_path(r"^news/(?P<year>[12][0-9]{3})/$", views.year, name="year"),
    path("alerts/", alerts.sign_up, name="alerts"),
    path("alerts/asked/", alerts.asked, name="alerts_asked"),
    path("alerts/confirm/<str:key>/", alerts.confirm, name="confirm_alerts"),
    path("alerts/mine/<str:key>/", alerts.mine, name="my_alerts"),
    path("alerts/stop/<str:key>/", alerts.stop, name="stop_alerts"),
    path("quotes/<str:token>/", answering.page, name="quote"),
    path("calendar.ics", calendars.public, name="calendar"),
    path("calendar/<str:key>.ics", radar.feed, name="person_calendar"),
    path("news/<slug:slug>/", views.release, name="release"),
    path(f"news/<slug:slug>/{press_pack.NAME}", views.pack, name="press_pack"),
    path(f"news/<slug:slug>/{press_pack.TEXT_NAME}", views.text, name="text"),
    path(f"news/<slug:slug>/{calendars.PHOTO_CALL}", views.photo_call, name="photo_call"),
    path("for-journalists/", views.journalists, name="journalists"),
    path("cities/<slug:slug>/atom.xml", machine_readable(feeds.CityAtom()), name="city_atom"),
    path("cities/<slug:slug>/rss.xml", machine_readable(feeds.CityRSS()), name="city_rss"),
    path("cities/<slug:slug>/feed.json", machine_readable(feeds.CityJSON()), name="city_json"),
    path("themes/<slug:slug>/atom.xml", machine_readable(feeds.ThemeAtom()), name="theme_atom"),
    path("themes/<slug:slug>/rss.xml", machine_readable(feeds.ThemeRSS()), name="theme_rss"),
    path("themes/<slug:slug>/feed.json", machine_readable(feeds.ThemeJSON()), name="theme_json"),
]
