"""The addresses of private files and of personal preview links."""

from django.urls import path

from twinning.core import files, preview_pages, sharing_pictures

app_name = "core"
urlpatterns = [
    path(sharing_pictures.NAME, sharing_pictures.site, name="sharing"),
    path("files/<slug:token>/<str:name>", files.serve, name="file"),
    path("preview/<slug:token>/", preview_pages.page, name="preview"),
    path("preview/<slug:token>/<str:name>", preview_pages.below, name="preview_below"),
    path("preview/<slug:token>/files/<slug:file_token>/<str:name>", preview_pages.file, name="preview_file"),
]
