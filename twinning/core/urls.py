"""The addresses of the council's own pages, of private files and of personal preview links."""

from django.urls import path

from twinning.core.files import private
from twinning.core.pages import views
from twinning.core.previews import pages

app_name = "core"
urlpatterns = [
    path("pages/<slug:slug>/", views.page, name="page"),
    path("files/<slug:token>/<str:name>", private.published_file, name="file"),
    path("preview/<slug:token>/", pages.page, name="preview"),
    path("preview/<slug:token>/<str:name>", pages.below, name="preview_below"),
    path("preview/<slug:token>/files/<slug:file_token>/<str:name>", pages.file, name="preview_file"),
]
