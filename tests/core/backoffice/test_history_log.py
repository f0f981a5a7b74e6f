"""The log: administrators read the events of all records, and nobody changes them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tests.back_office import signed_in
from tests.factories import make_city, make_superuser, make_theme, make_user, publish
from twinning.core.history.events import EventKind, HistoryEvent, content, current_state, note, note_refusal, note_state
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db

LIST = reverse("admin:core_historyevent_changelist")


def rows(client, **query) -> list[str]:
    return [str(event) for event in client.get(LIST, query).context["cl"].result_list]


def page_of(client, event) -> str:
    return " ".join(client.get(reverse("admin:core_historyevent_change", args=[event.pk])).content.decode().split())


def history_of(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_history", args=[record.pk])


def test_list_shows_moment_person_and_event_and_links_the_record(administrator):
    theme = make_theme()
    note(theme, "submit", by=make_user(first_name="Ann", last_name="Editor"), at=timezone.now())
    page = administrator.get(LIST).content.decode()
    for words in ("Ann Editor", "Submitted", f'<a href="{history_of(theme)}">Theme: Climate</a>'):
        assert words in page
    assert ("GMT" in page) or ("BST" in page)


def test_list_is_filtered_by_kind_of_event_and_searched_by_name(administrator):
    by = make_user(username="benedict")
    note(make_theme(), "submit", by=by, at=timezone.now())
    note(make_theme("Sport"), "approve", by=None, at=timezone.now())
    assert rows(administrator, what="submit") == ["Submitted: Climate"]
    assert rows(administrator, q="sport") == ["Approved: Sport"]
    assert rows(administrator, q="benedict") == ["Submitted: Climate"]


def test_record_is_linked_only_if_it_is_there_and_may_be_seen():
    reader = make_user()
    reader.user_permissions.set(Permission.objects.filter(codename__in=["view_historyevent", "view_city"]))
    city, theme, gone = make_city(), make_theme(), make_city("Brno")
    for record in (city, theme, gone):
        note(record, EventKind.CHANGE, by=None, at=timezone.now())
    gone_history = history_of(gone)
    gone.delete()
    page = signed_in(reader).get(LIST).content.decode()
    assert "City: Brno" in page
    assert history_of(city) in page
    assert history_of(theme) not in page
    assert gone_history not in page


def test_number_of_queries_does_not_grow_with_the_events(administrator, django_assert_max_num_queries):
    for number in range(15):
        note(make_theme(f"Theme {number}"), "submit", by=make_user(), at=timezone.now())
        note(make_city(f"City {number}"), "submit", by=make_user(), at=timezone.now())
    administrator.get(LIST)
    with django_assert_max_num_queries(14):
        assert len(rows(administrator)) == 30


def test_event_shows_which_fields_changed(administrator):
    theme = make_theme(summary="Old.")
    current_state(theme, at=timezone.now())
    theme.summary = "New."
    theme.save()
    page = page_of(administrator, note_state(theme, EventKind.CHANGE, by=None, at=timezone.now()))
    assert '<td role="cell">Old.</td> <td role="cell">New.</td>' in page


def test_deleted_record_is_shown_with_all_its_fields(administrator):
    theme = make_theme(summary="The last word.")
    event = note(theme, EventKind.DELETE, by=None, at=timezone.now(), snapshot=content(theme))
    theme.delete()
    assert '<td role="cell">The last word.</td> <td role="cell"><span class="empty">empty</span></td>' in page_of(
        administrator, event
    )


def test_working_copy_is_shown_with_the_fields_of_its_record(administrator, superuser):
    theme = publish(make_theme(summary="Old."))
    copy = begin(theme, by=superuser, at=timezone.now())
    copy.keep(
        {**copy.snapshot, "fields": copy.snapshot["fields"] | {"summary": "New."}}, by=superuser, at=timezone.now()
    )
    assert '<td role="cell">New.</td>' in page_of(administrator, HistoryEvent.objects.of(copy).first())


def test_refusal_without_a_record_is_shown(administrator):
    event = note_refusal(None, by=None, at=timezone.now(), path="/admin/partners/theme/", asked=["delete_selected"])
    page = page_of(administrator, event)
    assert "Sent to /admin/partners/theme/ without the right to it." in page
    assert "Asked for: delete selected" in page
    assert "/admin/partners/theme/" in administrator.get(LIST).content.decode()


def test_history_of_an_event_is_the_history_of_its_record(administrator):
    theme = make_theme()
    event = note(theme, "submit", by=None, at=timezone.now())
    url = reverse("admin:core_historyevent_history", args=[event.pk])
    assert administrator.get(url).url == history_of(theme)
    theme.delete()
    assert administrator.get(url).url == LIST


@pytest.mark.parametrize("role", ["", "Twinning editor", "Press officer", "Approver"])
def test_log_is_for_administrators(role):
    event = note(make_theme(), "submit", by=None, at=timezone.now())
    reader = signed_in(make_user(role))
    for page in (LIST, reverse("admin:core_historyevent_change", args=[event.pk])):
        assert reader.get(page).status_code == 403
    assert reader.get(reverse("admin:core_historyevent_history", args=[event.pk])).url == LIST


def test_nobody_adds_changes_or_deletes_an_event():
    event, root = note(make_theme(), "submit", by=None, at=timezone.now()), signed_in(make_superuser())
    assert root.get(reverse("admin:core_historyevent_add")).status_code == 403
    for page in ("change", "delete"):
        url = reverse(f"admin:core_historyevent_{page}", args=[event.pk])
        assert root.post(url, {"name": "Forged", "post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    assert root.post(LIST, chosen).status_code == 403
    event.refresh_from_db()
    assert event.name == "Climate"
