"""Limits on attempts to sign in: the table that counts them for all processes, turns, and the answer to too many."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.db import models
from django.http import HttpResponse
from django.template.loader import render_to_string

SECONDS_TO_WAIT = 10
PATIENCE = 3  # seconds
TURNSTILES = 64


class CacheEntry(models.Model):
    """A row of Django's database cache, in which limits are counted; as a model, ``migrate`` makes the table."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.cache_key


def too_many_attempts(request) -> HttpResponse:
    """The page for somebody who tries too often."""
    text = render_to_string("core/signin/429.html")
    answer = HttpResponse(text, status=429, headers={"Retry-After": SECONDS_TO_WAIT})
    answer._has_been_logged = True  # by record.limited, once
    return answer


def refuse_for_a_moment(request) -> None:
    """From now on this process refuses the address for some seconds, without counting again."""
    caches["refusals"].set(_key(request), True, SECONDS_TO_WAIT)


def is_refused(request) -> bool:
    """Whether this process refuses whoever asks without counting."""
    return request.method == "POST" and _key(request) in caches["refusals"]


@contextmanager
def turn(request) -> Iterator[bool]:
    """Context manager: whether it is the turn of this attempt; of one address, one is let in and one waits.

    A hash takes half a second of a processor. Eight of them at once would leave nothing to those who read. The locks are
    files, because processes of one machine share its processors; who ends without a word gives them back.
    """
    place = settings.VAR_DIR / "sign-in"
    place.mkdir(parents=True, exist_ok=True)
    number = crc32(_key(request).encode()) % TURNSTILES
    with (place / f"{number}").open("a") as inside, (place / f"{number}-next").open("a") as waiting:
        if _takes(inside):
            yield True
        elif _takes(waiting):
            end = time.monotonic() + PATIENCE
            while not (is_in := _takes(inside)) and time.monotonic() < end:
                time.sleep(0.05)
            fcntl.flock(waiting, fcntl.LOCK_UN)
            yield is_in
        else:
            yield False


def _takes(file) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _key(request) -> str:
    return get_adapter(request).get_client_ip(request)
