"""Licences of open data by their codes (SPDX). No Django here: the settings need it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """A licence: its code, what it is called, and where its text stands."""

    code: str
    title: str
    url: str


LICENCES = {
    licence.code: licence
    for licence in (
        Licence("CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        Licence("CC-BY-SA-4.0", "Creative Commons Attribution-ShareAlike 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        Licence("DL-DE-BY-2.0", "Data licence Germany – attribution – Version 2.0", "https://www.govdata.de/dl-de/by-2-0"),
        Licence("DL-DE-ZERO-2.0", "Data licence Germany – Zero – Version 2.0", "https://www.govdata.de/dl-de/zero-2-0"),
        Licence("etalab-2.0", "Licence Ouverte / Open Licence 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
        Licence(
            "OGL-UK-3.0", "Open Government Licence v3.0",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        ),
    )
}  # fmt: skip
