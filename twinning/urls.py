"""The URLs of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from news.planner.pages import page as office_calendar
from news.radar.pages import mine as my_calendar
from twinning import health, metrics, opendata, views
from twinning.search_page import search
from twinning.sitemaps import SITEMAPS, sitemap, sitemap_index

handler500 = "twinning.core.web.outages.server_error"
admin.site.site_header = admin.site.site_title = settings.SITE_NAME

handler429 = "twinning.core.signin.limits.too_many_attempts"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search, name="search"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("data/", opendata.about, name="data"),
    path("data/datapackage.json", opendata.package, name="datapackage"),
    path("data/<slug:name>.<slug:ending>", opendata.dataset, name="dataset"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("sitemap.xml", sitemap_index, {"sitemaps": SITEMAPS}, name="sitemap_index"),
    path(
        "sitemap-<section>.xml",
        sitemap,
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",  # Django's own, by which the index finds it
    ),
    path("", include("twinning.core.urls")),
    path("", include("partners.urls")),
    path("", include("news.urls")),
    path("admin/", include("twinning.core.signin.urls")),
    path("admin/", include([path("calendar/", admin.site.admin_view(office_calendar), name="office_calendar")])),
    path("admin/", include([path("calendar/address/", admin.site.admin_view(my_calendar), name="my_calendar")])),
    path("admin/", admin.site.urls),
]
