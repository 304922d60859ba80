"""A domain is found by its name, whether it is proved or not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0028_statement_checks"),)

    operations = (
        migrations.AddIndex(model_name="domain", index=models.Index(models.F("name"), name="domain_by_name")),
    )
