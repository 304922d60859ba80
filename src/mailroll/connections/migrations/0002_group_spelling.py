"""Sources name their group as it is spelt in the domain: “main” beside Main would be another change in every run."""

from typing import Any

from django.db import migrations

from mailroll.reconcile.text import folded


def align(apps: Any, _: Any) -> None:
    names: dict[tuple[Any, str], str] = {}
    exact: set[tuple[Any, str]] = set()
    for group in apps.get_model("directory", "Group").objects.order_by("id"):
        exact.add((group.domain_id, group.name))
        if group.key is not None:
            names[group.domain_id, group.key] = group.name
    for source in apps.get_model("connections", "Source").objects.order_by("precedence", "owner"):
        if (source.domain_id, source.group) in exact:
            continue
        # What is not there yet is made by the first run: spelt as in the first source.
        name = names.setdefault((source.domain_id, folded(source.group)), source.group)
        if name != source.group:
            source.group = name
            source.save(update_fields=["group"])


class Migration(migrations.Migration):
    dependencies = [("connections", "0001_initial"), ("directory", "0011_group_key")]

    operations = [migrations.RunPython(align, migrations.RunPython.noop)]
