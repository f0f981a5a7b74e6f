"""An S3 server of this machine's own, and a site whose uploads lie in it."""

from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

KEYS = {"access_key": "key", "secret_key": "secret", "region": "eu-west-2"}


@contextmanager
def s3_server():
    """The address of an S3 server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@contextmanager
def empty_bucket(server: str, name: str = "uploads"):
    """The options of the storage for an empty bucket."""
    account = {"aws_access_key_id": KEYS["access_key"], "aws_secret_access_key": KEYS["secret_key"]}
    bucket = boto3.resource("s3", endpoint_url=server, region_name=KEYS["region"], **account).Bucket(name)
    bucket.create(CreateBucketConfiguration={"LocationConstraint": KEYS["region"]})
    yield {"bucket": name, "endpoint_url": server, **KEYS}
    bucket.objects.delete()
    bucket.delete()


def use_s3(settings, options: dict) -> None:
    default = {"BACKEND": "twinning.core.files.s3.PrivateS3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": default}
