"""The council's own logo in the head of the public pages: a file that the operator names, and its name as text."""

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.management.commands.collectstatic import Command

from tests.factories import drawn
from twinning.core.web.logo import LARGEST, Logo

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240.4 60"><path fill="#fff" d="M0 0h240v60H0z"/></svg>'
)  # fmt: skip


@pytest.fixture
def logo(tmp_path, settings):
    """A logo as the setting has it; another file lies beside it."""
    (tmp_path / "arms.svg").write_text(SVG)
    (tmp_path / "private.key").write_text("secret")
    settings.LOGO = Logo.read(tmp_path / "arms.svg")
    return settings.LOGO


def head(client) -> str:
    page = client.get("/accessibility/").content.decode()
    return " ".join(page.partition('<header class="site-header">')[2].partition("<nav")[0].split())


@pytest.mark.django_db
def test_head_shows_the_logo_in_place_of_the_name(client, logo):
    image = '<img class="site-logo" src="/static/council/arms.svg" alt="Leeds International" width="240" height="60">'
    assert head(client) == f'<div class="wrap"> <a class="site-name" href="/"> {image} </a>'


@pytest.mark.django_db
def test_head_shows_the_logo_beside_the_name(client, logo, settings):
    settings.LOGO_BESIDE_NAME = True
    image = '<img class="site-logo" src="/static/council/arms.svg" alt="" width="240" height="60">'
    assert head(client) == f'<div class="wrap"> <a class="site-name" href="/"> {image} Leeds International </a>'


@pytest.mark.django_db
def test_head_without_a_logo_shows_the_rings_and_the_name(client):
    assert 'class="site-mark"' in head(client)
    assert head(client).endswith("</svg> Leeds International </a>")


def test_logo_is_a_static_file_and_nothing_beside_it_is(logo):
    assert finders.find("council/arms.svg") == str(logo.path)
    assert finders.find("council/private.key") is None
    collected = Command()
    collected.set_options(
        interactive=False, verbosity=0, link=False, clear=False, dry_run=True, ignore_patterns=[], post_process=False,
        use_default_ignore_patterns=True,
    )  # fmt: skip
    found = [name for name in collected.collect()["modified"] if name.startswith("council/")]
    assert found == ["council/arms.svg"]


def test_picture_is_measured(tmp_path):
    (tmp_path / "arms.png").write_bytes(drawn(300, 90, kind="PNG"))
    found = Logo.read(tmp_path / "arms.png")
    assert (found.width, found.height, found.name) == (300, 90, "council/arms.png")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.svg", None, "cannot be read"),
        ("arms.svg", b'<svg width="9" height="9"></svg>', "is neither a PNG file"),
        ("arms.svg", b"<html></html>", "is neither a PNG file"),
        ("arms.png", b"GIF89a", "is neither a PNG file"),
        ("arms.jpg", drawn(), "is neither a PNG file"),
        ("arms.svg", b'<svg viewBox="0 0 0 0"></svg>', "without width or height"),
        ("arms.svg", b'<svg viewBox="0 0 9 9"><script>x()</script></svg>', "has a program in it"),
        ("arms.svg", b'<svg viewBox="0 0 9 9" onload="x()"></svg>', "has a program in it"),
        ("arms.svg", SVG.encode() + b" " * LARGEST, "too large"),
    ],
)
def test_what_is_no_logo_is_refused_with_a_sentence(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=said):
        Logo.read(tmp_path / name)


def words_are_whole(page) -> bool:
    """Whether the name stands on one line below the logo: no word of it is broken."""
    lines = """() => {
      const range = document.createRange()
      range.selectNode([...document.querySelector(".site-name").childNodes].findLast(node => node.data?.trim()))
      return [...range.getClientRects()].filter(box => box.width).length
    }"""
    return page.evaluate(lines) == 1


@pytest.mark.browser
@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_logo_fits_and_says_the_name(live_server, page, audit, logo, settings, width, beside):
    settings.LOGO_BESIDE_NAME = beside
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/accessibility/")
    box = page.locator(".site-logo").bounding_box()
    assert box["x"] + box["width"] <= width
    assert box["height"] == 48
    assert box["width"] > 100
    assert page.get_by_role("link", name="Leeds International").is_visible()
    if beside and width == 320:
        assert words_are_whole(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.site-logo').naturalWidth") > 0
    assert audit(page) == []
