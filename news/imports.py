"""Import of press releases, old ones with the date on which they were first issued and the addresses that they had."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import PressRelease
from news.models.photo_calls import Kind
from partners.models import City, Memorandum, Theme
from twinning.core.fields.dates import PartialDate
from twinning.core.fields.richtext import to_text
from twinning.core.imports.cells import listed, old_addresses, one_of, paragraphs
from twinning.core.imports.columns import EXTERNAL_ID, OF_ID, OLD_ADDRESSES, Target, key_of
from twinning.core.imports.importing import Importer
from twinning.core.imports.others import LISTED, Others
from twinning.core.imports.plans import Row

OF_OLD = gettext_lazy(
    "Only with new ones: whole addresses or their last part, with semicolons between them. The last part leads here from then on."
)
OF_FIRST = gettext_lazy("A day, a month or a year. Only with new ones; approvers see it and can change it.")
OF_STANDFIRST = gettext_lazy("If it is empty, the beginning of the text is proposed.")
LONGEST_STANDFIRST = PressRelease._meta.get_field("standfirst").max_length


class ReleaseImporter(Importer):
    """The import of press releases and statements."""

    model = PressRelease
    needed = ("headline", "standfirst")
    targets = (
        Target(EXTERNAL_ID, gettext_lazy("External id"), "R-1998-014", ("id", "number", "key"), legend=OF_ID),
        Target("headline", gettext_lazy("Headline"), "Leeds and Dortmund sign again", ("title",)),
        Target("slug", gettext_lazy("Address"), "leeds-and-dortmund-sign-again", ("slug",), str.lower),
        Target(OLD_ADDRESSES, gettext_lazy("Old addresses"), "", ("old address", "url", "link"), old_addresses, OF_OLD),
        Target("first_issued", gettext_lazy("First issued"), "12 March 1998", ("date", "issued"), PartialDate.parse, OF_FIRST),
        Target("kind", gettext_lazy("Kind"), "Press release", ("type",), one_of(lambda: Kind.choices)),
        Target("standfirst", gettext_lazy("Standfirst"), "Both cities go on together.", ("lead", "summary"), legend=OF_STANDFIRST),
        Target("place", gettext_lazy("Place"), "Leeds"),
        Target("body", gettext_lazy("Text"), "The two cities signed today.", ("body", "content"), paragraphs),
        Target("language", gettext_lazy("Language")),
        Target("notes_to_editors", gettext_lazy("Notes to editors"), "", ("notes",), paragraphs),
        Target("cities", gettext_lazy("Cities"), "", ("city",), listed, LISTED),
        Target("themes", gettext_lazy("Themes"), "", ("theme", "categories"), listed, LISTED),
        Target("memoranda", gettext_lazy("Agreements"), "", ("agreement",), listed, LISTED),
        Target("internal_notes", gettext_lazy("Internal notes"), "", ("remarks",)),
    )  # fmt: skip

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.others = {"cities": Others(City), "themes": Others(Theme), "memoranda": Others(Memorandum)}
        self.by_headline = defaultdict(list)
        for release in self.stored.values():
            self.by_headline[key_of(release.headline)].append(release)

    def named(self, row: Row) -> list[PressRelease]:
        """Those with the headline; some are used year after year, so the date has to be the same if both have one."""
        first = row.values.get("first_issued")
        found = self.by_headline[key_of(row.values.get("headline", ""))]
        return [one for one in found if not first or not one.first_issued or one.first_issued == first]

    def propose(self, row: Row) -> set[str]:
        text = to_text(row.values.get("body", ""))
        if "standfirst" not in row.values and text:
            row.values["standfirst"] = beginning_of(text)
            row.proposed.append((self.label("standfirst"), row.values["standfirst"], _("the beginning of the text")))
        return set()

    def check(self, row: Row) -> None:
        release = row.record
        stored = self.stored.get(release.pk)
        if stored and release.first_issued != stored.first_issued:
            row.refuse(
                self.label("first_issued"), _("It is here with another date. Approvers change that in its form.")
            )
        if release.kind == Kind.PHOTO_CALL and not (stored and stored.kind == release.kind):
            row.refuse(self.label("kind"), _("Photo calls are not imported: what they announced is over."))
        self.check_address(row)


def beginning_of(text: str) -> str:
    """The first paragraph of a text, up to the last sentence, or else the last word, that a standfirst has room for."""
    first = next(line.strip() for line in text.splitlines() if line.strip())
    if len(first) <= LONGEST_STANDFIRST:
        return first
    cut = first[: LONGEST_STANDFIRST - 1]
    end = cut.rfind(". ")
    return cut[: end + 1] if end > 0 else f"{cut.rpartition(' ')[0] or cut}…"
