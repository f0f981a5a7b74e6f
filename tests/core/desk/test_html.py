"""The HTML of the desk and of the page to read is valid."""

import pytest
from django.utils import timezone

from tests.back_office import form_url, signed_in
from tests.desks import INDEX, back, copy_of
from tests.factories import make_city, make_release, make_superuser, make_user, publish, submit

DJANGOS = "A table row was 2 columns wide"  # the menu that Django puts beside each page

pytestmark = [pytest.mark.django_db, pytest.mark.nu]


def test_html_is_valid(nu):
    user = make_user("Administrator")
    client, city = signed_in(user), make_city()
    submit(copy_of(city), at=timezone.now())
    release = back(make_release(cities=[city]), user)
    release.submit(by=make_superuser(), at=timezone.now(), remark="Two\nlines.")
    back(make_release("Came back"), user)
    for url in (
        INDEX,
        form_url(release),
        form_url(publish(make_city("Lille"))),
        form_url(city).replace("change", "copy"),
    ):
        assert [said for said in nu(client.get(url).content.decode()) if not said.startswith(DJANGOS)] == [], url
