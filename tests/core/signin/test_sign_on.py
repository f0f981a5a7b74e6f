"""The council's own sign-on, with an OpenID Connect provider of the test's own."""

import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

ROOT = Path(__file__).parents[3]
SITE = Path(__file__).with_name("sign_on_site.py")
NOWHERE = "/admin/login/"


class Provider(BaseHTTPRequestHandler):
    """An OpenID Connect provider that believes whatever “person” in the address says."""

    def log_message(self, *args):
        pass

    def do_GET(self):
        here, asked = f"http://{self.headers['Host']}", urlsplit(self.path)
        sent = {key: values[0] for key, values in parse_qs(asked.query).items()}
        if asked.path.endswith("/openid-configuration"):
            self.answer({"issuer": here, "jwks_uri": f"{here}/keys"} | {
                f"{name}_endpoint": f"{here}/{name}" for name in ("authorization", "token", "userinfo")
            })  # fmt: skip
        elif asked.path == "/authorization":
            back = urlencode({"code": sent["person"], "state": sent["state"]})
            self.send_response(302)
            self.send_header("Location", f"{sent['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self.answer(claims(self.headers["Authorization"].removeprefix("Bearer ")))

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        sent = {key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()}
        assert (sent["client_secret"], bool(sent["code_verifier"])) == ("its-secret", True)
        now = int(time.time())
        told = {"iss": f"http://{self.headers['Host']}", "aud": "its-id", "iat": now, "exp": now + 60}
        token = jwt.encode(told | claims(sent["code"]), "a key that nobody checks: the line is private", "HS256")
        self.answer({"access_token": sent["code"], "token_type": "Bearer", "id_token": token})

    def answer(self, told: dict):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())


def claims(person: str) -> dict:
    email = "ann@example.org" if person == "unverified" else f"{person}@example.org"
    return {"sub": f"number-of-{person}", "email": email, "email_verified": person != "unverified"}


@pytest.fixture(scope="module")
def provider():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def found(provider, tmp_path_factory) -> dict:
    """What became of several people who signed on."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT), "TEST_DATABASE_URL": "",
        "OIDC_URL": provider, "OIDC_NAME": "the council", "OIDC_CLIENT_ID": "its-id", "OIDC_CLIENT_SECRET": "its-secret",
        "SECOND_FACTOR_REQUIRED": "on",
    }  # fmt: skip
    done = subprocess.run([sys.executable, SITE], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_sign_on_opens_the_account_with_the_same_address_and_counts_as_a_second_factor(found):
    assert found["ann"] == ["/admin/", []]
    assert found["ways"] == [["socialaccount"]] * 2
    assert found["password"]  # the one of the account stays, for the day on which the sign-on does not work


def test_account_stays_joined_when_its_address_changes(found):
    assert found["ann again"] == ["/admin/", []]


@pytest.mark.parametrize("person", ["unverified", "stranger", "visitor"])
def test_sign_on_opens_nothing_without_an_account_of_the_staff(found, person):
    where, [words] = found[person]
    assert (where, "no account here yet" in words) == (NOWHERE, True)


def test_account_that_is_no_longer_active_stays_shut(found):
    where, [words] = found["gone"]
    assert (where, "did not match" in words) == (NOWHERE, True)


def test_forged_answer_is_refused_in_words(found):
    where, [words] = found["forged"]
    assert (where, "did not answer as it should" in words) == (NOWHERE, True)


def test_nobody_gets_an_account_by_signing_on(found):
    assert found["accounts"] == ["ann", "gone", "visitor"]


def test_browsers_may_follow_the_form_to_the_provider_and_a_link_alone_signs_nobody_on(found, provider):
    assert f"form-action 'self' {provider};" in f"{found['policy']};"
    assert found["get"] == 405
