"""Storage of uploads in an S3-compatible store instead of a folder, for a council that has one.

The objects are private. Only the site reads them, so its gate decides here too; nobody is sent to the store itself. It
makes an object appear whole or not at all.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.functional import cached_property

from twinning.core.files.storage import NO_ANSWER, FileNotStored

NOT_FOUND = 404


class S3File(io.RawIOBase):
    """An object of the store as a seekable file; only the bytes that are read are fetched."""

    def __init__(self, client: BaseClient, **location: str):
        super().__init__()
        self._client, self._location = client, location
        with _raise_file_not_found():
            self.size = client.head_object(**location)["ContentLength"]
        self._position, self._body = 0, None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if start + offset != self._position:
            self._close_body()
        self._position = start + offset
        return self._position

    def readinto(self, buffer) -> int:
        if self._position >= self.size:
            return 0
        if not self._body:
            with _raise_file_not_found():
                self._body = self._client.get_object(**self._location, Range=f"bytes={self._position}-")["Body"]
        read = self._body.read(len(buffer))
        buffer[: len(read)] = read
        self._position += len(read)
        return len(read)

    def close(self) -> None:
        self._close_body()
        super().close()

    def _close_body(self) -> None:
        if getattr(self, "_body", None):
            self._body.close()
        self._body = None


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
        return File(S3File(self.client, Bucket=self.bucket, Key=name), name)

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        try:
            self.client.put_object(Bucket=self.bucket, Key=name, Body=content.file)
        except (BotoCoreError, ClientError) as error:
            raise FileNotStored(NO_ANSWER, code="no_answer") from error
        return name

    def delete(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=name)

    def move(self, name: str, new_name: str) -> None:
        """Give an object another name; in between it has both."""
        source = {"Bucket": self.bucket, "Key": name}
        self.client.copy_object(Bucket=self.bucket, Key=new_name, CopySource=source)
        self.delete(name)

    def take(self, file: Path, name: str) -> None:
        """Store what is in a file of this machine."""
        with file.open("rb") as content:
            self._save(name, File(content))

    def exists(self, name: str) -> bool:
        try:
            self._head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return self._head(name)["ContentLength"]

    def get_modified_time(self, name: str) -> datetime:
        return self._head(name)["LastModified"]

    def _head(self, name: str) -> dict:
        with _raise_file_not_found():
            return self.client.head_object(Bucket=self.bucket, Key=name)

    def names(self) -> Iterator[str]:
        """The name of every object, whether or not anything needs it."""
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            yield from (entry["Key"] for entry in page.get("Contents", ()))


@contextmanager
def _raise_file_not_found():
    """Raise FileNotFoundError for an object that is not there, as for a file."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != NOT_FOUND:
            raise
        raise FileNotFoundError(error.response["Error"]["Code"]) from error
