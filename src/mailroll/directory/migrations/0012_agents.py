"""Agents are a kind of their own."""

from django.db import migrations, models

_KINDS = "user shared room equipment linked others shared-or-resource unlicensed agent group contact static".split()


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0011_group_key"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="user_kind_known"),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(condition=models.Q(kind__in=_KINDS), name="user_kind_known"),
        ),
    ]
