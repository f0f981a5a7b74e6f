"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path

from news.sitemaps import PressReleaseSitemap
from partners.sitemaps import CitySitemap, MemorandumSitemap, ThemeSitemap
from twinning import views
from twinning.core.http import machine_readable
from twinning.search_page import search
from twinning.sitemaps import PageSitemap

admin.site.site_header = admin.site.site_title = settings.SITE_NAME

SITEMAPS = {
    "pages": PageSitemap,
    "cities": CitySitemap,
    "themes": ThemeSitemap,
    "agreements": MemorandumSitemap,
    "news": PressReleaseSitemap,
}

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search, name="search"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("healthz/live", views.live, name="live"),
    path("healthz/ready", views.ready, name="ready"),
    path("sitemap.xml", machine_readable(sitemap_views.index), {"sitemaps": SITEMAPS}, name="sitemap_index"),
    path(
        "sitemap-<section>.xml",
        machine_readable(sitemap_views.sitemap),
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("", include("twinning.core.urls")),
    path("", include("partners.urls")),
    path("", include("news.urls")),
    path("admin/", admin.site.urls),
]
