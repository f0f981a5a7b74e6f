"""The back office speaks the words of the office, also where Django has its own."""

import re
from gettext import GNUTranslations

import pytest
from django.conf import settings

from news.models import PressContact
from partners.models import Programme
from tests.back_office import form_url, press, sent_by_browser, signed_in, words_of_django
from tests.factories import make_contact, make_superuser, make_theme
from twinning.core.models import User

pytestmark = pytest.mark.django_db

TABLE = settings.LOCALE_PATHS[0] / "en_GB/LC_MESSAGES/django"
ROOT = settings.BASE_DIR
CORRECT = ("Please correct the error below.", "Please correct the errors below.")
OURS = re.compile(
    r"""\b(?:gettext|gettext_lazy|_)\(\s*"([^"]+)"\s*\)|{% translate (?:"([^"]+)"|'([^']+)') (?!context)"""
)


def entries(table: str) -> dict[str, str]:
    """The sentences of a .po file, of which each stands on one line; of several forms the first."""
    found = re.findall(r'^msgid "(.+)"\n(?:msgid_plural ".+"\n)?msgstr(?:\[0\])? "(.*)"$', table, re.MULTILINE)
    return {left: right.replace(r"\"", '"') for left, right in found}


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_table_is_compiled(name):
    table = entries(TABLE.with_name(f"{name}.po").read_text(encoding="utf-8"))
    with TABLE.with_name(f"{name}.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    assert table
    assert {
        left: {compiled.gettext(left), compiled.ngettext(left, left, 1)} & {right} for left, right in table.items()
    } == {left: {right} for left, right in table.items()}
    assert name != "django" or compiled.ngettext(*CORRECT, 2).startswith("Nothing")


def test_script_that_counts_what_is_chosen_says_so_too(editor):
    assert "%(sel)s of %(cnt)s chosen" in editor.get("/admin/jsi18n/").content.decode()


def test_no_words_of_our_own_are_replaced():
    """The table holds for the whole site: a field, a column of a spreadsheet or a public page would change its name."""
    replaced = entries(TABLE.with_suffix(".po").read_text(encoding="utf-8"))
    files = [path for top in ("twinning", "partners", "news", "templates") for path in (ROOT / top).rglob("*.*")]
    texts = {path: path.read_text(encoding="utf-8") for path in files if path.suffix in (".py", ".html", ".txt")}
    ours = {(path.name, one) for path, text in texts.items() for match in OURS.findall(text) for one in match if one}
    assert len(ours) > 1000
    assert [(name, one) for name, one in ours if one in replaced] == []


def said(response) -> list[str]:
    return words_of_django(response.content)


def test_no_page_and_no_message_has_words_of_django():
    client, contact, theme = signed_in(make_superuser()), make_contact(), make_theme()
    lists = [f"/admin/{name}/" for name in ("news/presscontact", "partners/theme", "core/user", "auth/group")]
    programme = Programme.objects.first() or Programme
    pages = [
        "/admin/",
        "/admin/waiting/",
        *lists,
        *(f"{one}add/" for one in lists),
        *(f"{one}999/change/" for one in lists),
    ]
    pages += [form_url(contact), form_url(theme), form_url(programme), form_url(User.objects.first())]
    pages += [form_url(record).replace("change", "delete") for record in (contact, theme, User.objects.first())]
    for path in pages:
        assert said(client.get(path, follow=True)) == [], path
    for button in ("_save", "_continue", "_addanother"):
        saved = press(client, contact, button)
        assert said(client.get(saved.url)) == [], button
    assert said(client.post(form_url(PressContact), sent_by_browser(client.get(form_url(PressContact))))) == []
    for action in ({"action": "delete_selected", "_selected_action": [contact.pk]}, {"action": ""}, {"action": "x"}):
        assert said(client.post(lists[0], action | {"index": 0}, follow=True)) == [], action
    assert said(client.post(form_url(contact).replace("change", "delete"), {"post": "yes"}, follow=True)) == []
