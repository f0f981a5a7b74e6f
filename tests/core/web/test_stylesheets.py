import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command

from twinning.core.web.stylesheets import SHEETS, WHOLE

STATIC = Path(__file__).parents[3] / "static"
PUBLIC = [
    sheet
    for path in STATIC.rglob("*.css")
    if not path.name.startswith("admin") and (sheet := path.relative_to(STATIC).as_posix())
]


def test_whole_is_every_public_sheet_and_the_layers_come_first():
    whole = Path(finders.find(WHOLE)).read_text()
    assert sorted(PUBLIC) == sorted(SHEETS)
    assert whole == "\n".join((STATIC / sheet).read_text() for sheet in SHEETS)
    assert re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL).lstrip().startswith("@layer tokens, base,")


def test_whole_is_light():
    """At most 12 kB as sent, for all that the public pages may look like."""
    assert len(gzip.compress(Path(finders.find(WHOLE)).read_bytes(), 6)) <= 12_000


def test_a_changed_part_changes_the_whole(settings, tmp_path):
    for sheet in SHEETS:
        (tmp_path / sheet).parent.mkdir(exist_ok=True)
        (tmp_path / sheet).write_text("old")
    settings.STATICFILES_DIRS, settings.VAR_DIR = [tmp_path], tmp_path / "var"
    finders.get_finder.cache_clear()
    try:
        assert "new" not in Path(finders.find(WHOLE)).read_text()
        (tmp_path / SHEETS[-1]).write_text("new")
        assert Path(finders.find(WHOLE)).read_text().endswith("\nnew")
    finally:
        finders.get_finder.cache_clear()


def test_only_the_whole_is_found():
    assert finders.find("core/nothing.css") is None
    assert len(finders.find(WHOLE, find_all=True)) == 1


def test_a_site_in_use_gets_it_with_the_others(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["js", "map"]  # the editor's own takes seconds
    in_use = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": in_use}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / WHOLE).read_text() == Path(finders.find(WHOLE)).read_text()
    assert len(list(tmp_path.glob("core/site.*.css"))) == 1
    assert list(tmp_path.glob("core/site.*.css.gz"))
