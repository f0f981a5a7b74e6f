"""What follows from the country of the council: the law behind the accessibility statement, and the currency.

No Django here: the settings need it.
"""

from dataclasses import dataclass, replace

# Who applies Directive (EU) 2016/2102: the European Union, and Iceland, Liechtenstein and Norway.
DIRECTIVE_COUNTRIES = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT"),
        *("LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)


@dataclass(frozen=True)
class AccessibilityLaw:
    """What a public body has to accept: the name of the law, and whom readers can turn to when they are not content."""

    name: str = ""
    enforced_by: str = ""
    body: str = ""
    body_url: str = ""


UNITED_KINGDOM = AccessibilityLaw(
    name="the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018",
    enforced_by="the Equality and Human Rights Commission (EHRC)",
    body="the Equality Advisory and Support Service (EASS)",
    body_url="https://www.equalityadvisoryservice.com/",
)
DIRECTIVE = "Directive (EU) 2016/2102"


def accessibility_law(country: str, *, law: str = "", body: str = "", body_url: str = "") -> AccessibilityLaw:
    """The law of a country, with what the council has set itself in place of what is usual there.

    Where the directive holds, it is named after the national law.
    """
    usual = UNITED_KINGDOM if country == "GB" else AccessibilityLaw()
    name = law or usual.name
    if country in DIRECTIVE_COUNTRIES:
        name = f"{law} ({DIRECTIVE})" if law else DIRECTIVE
    return AccessibilityLaw(name, "", body, body_url) if body else replace(usual, name=name)


EURO_COUNTRIES = frozenset(
    (
        *("AT", "BE", "BG", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT", "NL"),
        *("PT", "SI", "SK"),
    )
)


def usual_currency(country: str) -> str:
    """The sign of a country's currency, where we know it; else empty."""
    return "£" if country == "GB" else "€" if country in EURO_COUNTRIES else ""
