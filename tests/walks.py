"""Somebody at the keyboard of the back office, who is told of it by a screen reader."""

import re

from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests.browser import settle

MOST_STOPS = 200
IS_FOCUSED = "element => element === document.activeElement"
STATES = ("expanded", "required", "invalid", "checked")


class Walk:
    """Somebody at the keyboard: what is pressed and filled in is counted, and what is said on the way is kept."""

    def __init__(self, page, site, audit, sign_in, has_script: bool):
        self.page, self.site, self.audit, self.sign_in, self.has_script = page, site, audit, sign_in, has_script
        # Choosers of files are caught from now on: asked for only beside the key, the key can come first.
        page.on("filechooser", lambda chooser: None)
        self.tree = page.context.new_cdp_session(page)
        self.clicks = self.fields = 0
        self.said: list[str] = []

    def begin(self, username: str) -> None:
        """Sit down at one's desk."""
        self.page.context.clear_cookies()
        self.sign_in(self.page, self.site, get_user_model().objects.get(username=username))
        self.page.goto(f"{self.site.url}/admin/")
        self.settle()
        self.clicks = self.fields = 0
        self.said = []

    def settle(self) -> None:
        """Wait for what scripts make of a page; without them it is there with its load event."""
        if self.has_script:
            settle(self.page)

    def problems(self) -> list[str]:
        """What axe and the security policy say of the page; both need scripts."""
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return (self.audit(self.page) if self.has_script else []) + (["scrolls sideways"] if wide else [])

    def announced(self) -> str:
        """What the browser tells a screen reader of the thing that has the focus: role, name and state."""
        focused = self.tree.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
        asked = {"objectId": focused, "fetchRelatives": False}
        node = self.tree.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
        told = {one["name"]: one["value"].get("value") for one in node["properties"]}
        states = [name if told[name] in (True, "true") else f"not {name}" for name in STATES if name in told]
        states = [state for state in states if state != "not invalid" and state != "not required"]
        return " ".join([node["role"]["value"], f"“{' '.join(node['name'].get('value', '').split())}”", *states])

    def to(self, target) -> None:
        """Press Tab until something has the focus."""
        element = target.filter(visible=True).first.element_handle()
        for _stop in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            if element.evaluate(IS_FOCUSED):
                self.said.append(self.announced())
                return
        raise AssertionError(f"Tab does not come to {target}")

    def press(self, name: str, role: str = "button") -> None:
        """Follow a link or press a button: another page comes."""
        self.to(self.page.get_by_role(role, name=name, exact=True).and_(self.page.locator(":not(summary)")))
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.settle()

    def follow(self, name: str) -> None:
        self.press(name, "link")

    def unfold(self, name: str) -> None:
        """Open what is folded away; it stays the same page."""
        self.to(self.page.locator("summary").filter(has_text=re.compile(rf"^\s*{name}\s*$")))
        self.clicks += 1
        self.page.keyboard.press("Enter")
        assert self.announced().endswith(" expanded")

    def field(self, label: str):
        """A field, whose label may end with what goes with it in brackets, such as its zone."""
        labelled = self.page.get_by_label(re.compile(rf"^\s*{label}\s*(\(|$)"))
        return labelled.and_(self.page.locator(":not(fieldset, section)"))

    def fill(self, label: str, words: str) -> None:
        """Type into a field; the parts of a date follow one another by themselves."""
        self.to(self.field(label))
        self.fields += 1
        self.page.keyboard.type(words)

    def upload(self, label: str, name: str, content: bytes) -> None:
        self.to(self.field(label))
        self.fields += 1
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files({"name": name, "mimeType": "application/pdf", "buffer": content})

    def find(self, words: str) -> None:
        """From the desk to a record, by a word of its name."""
        self.fill("Find by a name or a word", words)
        self.press("Find in: Press releases")
        self.follow(words)

    def hears_headings(self, number: int) -> None:
        """The first headings of the page, in the order in which somebody goes from one to the next; without how many there are."""
        nodes = {node["nodeId"]: node for node in self.tree.send("Accessibility.getFullAXTree")["nodes"]}
        waiting, told = [next(iter(nodes))], []
        while waiting:
            node = nodes[waiting.pop()]
            waiting += [one for one in reversed(node["childIds"]) if one in nodes]
            told += (
                [f"heading “{node['name']['value'].rstrip(' 0123456789')}”"]
                if node["role"]["value"] == "heading"
                else []
            )
        self.said += told[:number]

    def hears(self, words: str) -> None:
        """A message: it stands before everything else on the page, and is told as a status."""
        expect(self.page.get_by_role("status").filter(has_text=words).first).to_be_visible()
