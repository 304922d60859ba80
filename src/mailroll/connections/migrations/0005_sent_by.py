"""Keeps who sent a consent link, who need not be who made it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("connections", "0004_vouched"), migrations.swappable_dependency(settings.AUTH_USER_MODEL))

    operations = (
        migrations.AddField(
            "consentlink",
            "sent_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                django.db.models.deletion.SET_NULL,
                null=True,
                blank=True,
                related_name="+",
            ),
        ),
    )
