"""The address of private files."""

from django.urls import path

from twinning.core import files

app_name = "core"
urlpatterns = [path("files/<slug:token>/<str:name>", files.serve, name="file")]
