"""Ids of records in open data."""

from uuid import uuid4

from django.db import models


def new_data_id() -> str:
    """An id that says nothing of the address or the number of a record."""
    return uuid4().urn


class DataIdField(models.CharField):
    """Model field: the id of a record in open data, which stays the same whatever becomes of its name and its address."""

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"max_length": 50, "unique": True, "default": new_data_id, "editable": False} | kwargs
        )
