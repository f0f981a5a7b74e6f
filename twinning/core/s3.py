"""Uploads in an S3-compatible store instead of a folder, for a council that has one.

The objects are private. Only the site reads them, so its gate decides here too; nobody is sent to the store itself. It
makes an object appear whole or not at all.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.functional import cached_property

from twinning.core.storage import NO_ANSWER, NotKept

ABSENT = 404


class Stored(io.RawIOBase):
    """An object as a file that can be read from any place. What is not read is not fetched."""

    def __init__(self, client: BaseClient, **place: str):
        super().__init__()
        self._client, self._place = client, place
        with _absence_as_usual():
            self.size = client.head_object(**place)["ContentLength"]
        self._at, self._coming = 0, None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if start + offset != self._at:
            self._hang_up()
        self._at = start + offset
        return self._at

    def readinto(self, buffer) -> int:
        if self._at >= self.size:
            return 0
        if not self._coming:
            with _absence_as_usual():
                self._coming = self._client.get_object(**self._place, Range=f"bytes={self._at}-")["Body"]
        read = self._coming.read(len(buffer))
        buffer[: len(read)] = read
        self._at += len(read)
        return len(read)

    def close(self) -> None:
        self._hang_up()
        super().close()

    def _hang_up(self) -> None:
        if getattr(self, "_coming", None):
            self._coming.close()
        self._coming = None


class PrivateS3Storage(Storage):
    """The objects of one bucket, each under the name that it was given and no other."""

    def __init__(self, *, bucket: str, endpoint_url="", region="", access_key="", secret_key=""):
        self.bucket = bucket
        # Without keys, boto3 looks for those that belong to the machine.
        self._account = {
            "endpoint_url": endpoint_url or None,
            "region_name": region or None,
            "aws_access_key_id": access_key or None,
            "aws_secret_access_key": secret_key or None,
        }

    @cached_property
    def client(self) -> BaseClient:
        config = Config(
            # Somebody waits, and gunicorn gives up after thirty seconds.
            connect_timeout=3,
            read_timeout=10,
            retries={"total_max_attempts": 2, "mode": "standard"},
            # Other stores than Amazon's know neither buckets by host name nor its newer checksums.
            s3={"addressing_style": "path" if self._account["endpoint_url"] else "auto"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return boto3.session.Session().client("s3", config=config, **self._account)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        # Names are 128 random bits: none is taken.
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        return File(Stored(self.client, Bucket=self.bucket, Key=name), name)

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        try:
            self.client.put_object(Bucket=self.bucket, Key=name, Body=content.file)
        except (BotoCoreError, ClientError) as error:
            raise NotKept(NO_ANSWER) from error
        return name

    def delete(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=name)

    def exists(self, name: str) -> bool:
        try:
            self._facts(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return self._facts(name)["ContentLength"]

    def get_modified_time(self, name: str) -> datetime:
        return self._facts(name)["LastModified"]

    def _facts(self, name: str) -> dict:
        with _absence_as_usual():
            return self.client.head_object(Bucket=self.bucket, Key=name)

    def names(self) -> Iterator[str]:
        """The name of every object, whether or not anything needs it."""
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            yield from (entry["Key"] for entry in page.get("Contents", ()))


@contextmanager
def _absence_as_usual():
    """Says of an object that is not there what is said of a file."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != ABSENT:
            raise
        raise FileNotFoundError(error.response["Error"]["Code"]) from error
