"""The app that brings the commands of this room."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "twinning.operations"
