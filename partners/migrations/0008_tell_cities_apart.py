from collections import Counter

from django.db import migrations

from partners.countries import PartnerCountries
from twinning.core.search.words import normalise

LONGEST = 100


def tell_apart(apps, schema_editor):
    """Write behind names that several cities share the country of each, or its address if they share that, too."""
    using = schema_editor.connection.alias
    cities = list(apps.get_model("partners", "City").objects.using(using).order_by("pk"))
    shared = Counter(city.name for city in cities)
    countries = Counter((city.name, str(city.country)) for city in cities)
    taken = set(shared)
    for city in [city for city in cities if shared[city.name] > 1]:
        is_alone = countries[city.name, str(city.country)] == 1
        behind = PartnerCountries().name(city.country) if is_alone else city.slug
        name = f"{city.name[: LONGEST - len(behind) - 3]} ({behind})"
        city.name = name if name not in taken else city.slug[:LONGEST]
        taken.add(city.name)
        city.save(update_fields=["name", "folded"])
        entries = apps.get_model("core", "SearchEntry").objects.using(using)
        entries = entries.filter(
            content_type__app_label="partners", content_type__model="city", object_id=city.pk
        )
        entries.update(title=city.name, title_words=" ".join(normalise(city.name)))


class Migration(migrations.Migration):
    dependencies = [("partners", "0007_fold_what_is_there"), ("core", "0011_fold_what_is_there")]

    operations = [migrations.RunPython(tell_apart, migrations.RunPython.noop)]
