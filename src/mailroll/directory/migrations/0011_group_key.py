"""What no two groups of a domain may share: the name as it is compared.

Groups that were told apart by case or by the form of an accent stay as they are, with their users: the oldest of them
has the key, Main before any other, and the others have none until they are called otherwise.
"""

from typing import Any

from django.db import migrations, models

from mailroll.reconcile.text import folded


def fill(apps: Any, _: Any) -> None:
    groups = apps.get_model("directory", "Group")
    taken: set[tuple[Any, str]] = set()
    some: list[Any] = []
    for group in sorted(groups.objects.order_by("id").iterator(), key=lambda one: one.name != "Main"):
        key = (group.domain_id, folded(group.name))
        if key not in taken:
            taken.add(key)
            group.key = key[1]
            some.append(group)
    groups.objects.bulk_update(some, ["key"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("directory", "0010_static_upload")]

    operations = [
        migrations.AddField(model_name="group", name="key", field=models.TextField(null=True, blank=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("domain", "key"), name="group_key_once_a_domain"),
        ),
    ]
