"""A site with the council's own sign-on, in a process of its own: its apps are there only when a setting says so.

Started by test_sign_on.py with that setting; signs several people on and prints what became of each, as JSON.
"""

import json
import sys
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPErrorProcessor, build_opener

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the setup
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402

from twinning.core.models import HistoryEvent, User  # noqa: E402

LOGIN = reverse("openid_connect_login", args=["council"])


class _NotFollowing(HTTPErrorProcessor):
    def http_response(self, request, response):
        return response


def sign_on(name: str, *, state: str = "") -> list:
    """Where a browser is that has been at the provider and back, and what it reads; the provider says who it is."""
    client = Client()
    asked = client.post(LOGIN, {"next": "/admin/"}).url
    back = build_opener(_NotFollowing).open(f"{asked}&person={name}").headers["Location"]
    sent = {key: values[0] for key, values in parse_qs(urlsplit(back).query).items()}
    page = client.get(urlsplit(back).path, sent | ({"state": state} if state else {}), follow=True)
    return [page.request["PATH_INFO"], [str(message) for message in page.context.get("messages", ())]]


def main() -> dict:
    call_command("migrate", verbosity=0)
    call_command("sync_roles", verbosity=0)
    ann = User.objects.create_superuser("ann", "ann@example.org", "a-long-one-2127")
    User.objects.create_user("visitor", "visitor@example.org")
    User.objects.create_user("gone", "gone@example.org", is_staff=True, is_active=False)
    found = {name: sign_on(name) for name in ("ann", "unverified", "stranger", "visitor", "gone")}
    User.objects.filter(pk=ann.pk).update(email="new@example.org")
    found["ann again"] = sign_on("ann")
    found["forged"] = sign_on("ann", state="forged")
    ann.refresh_from_db()
    return found | {
        "accounts": sorted(User.objects.values_list("username", flat=True)),
        "password": ann.check_password("a-long-one-2127"),
        "ways": [event.details.get("ways") for event in HistoryEvent.objects.of(ann).filter(what="signed_in")],
        "policy": Client().get("/admin/login/").headers["Content-Security-Policy"],
        "get": Client().get(LOGIN).status_code,
    }


if __name__ == "__main__":
    setup_test_environment()
    json.dump(main(), sys.stdout)
