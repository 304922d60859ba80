"""What people keep of static addresses. The key over two columns, which Django cannot write, takes it away with its user."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_alias_domains")]

    operations = [
        migrations.CreateModel(
            name="StaticNote",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="static_note",
                        serialize=False,
                        to="directory.user",
                    ),
                ),
                ("responsible", models.TextField(blank=True, db_default="", default="")),
                ("note", models.TextField(blank=True, db_default="", default="")),
                ("review_on", models.DateField(blank=True, null=True)),
                (
                    "domain",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.domain",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE directory_staticnote ADD CONSTRAINT directory_staticnote_user_id_same_domain"
            " FOREIGN KEY (domain_id, user_id) REFERENCES directory_user (domain_id, id) ON DELETE CASCADE",
            "ALTER TABLE directory_staticnote DROP CONSTRAINT directory_staticnote_user_id_same_domain",
        ),
    ]
