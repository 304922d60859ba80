from django.db import migrations

# Names that look alike are found by what is left of them when letters that look alike are one: in ASCII o for 0, l for 1
# and rn for m (`connections/lookalikes.py`). With another table of Unicode's the question is another, and reads them all.
_SHAPE = "replace(translate(name, '01', 'ol'), 'm', 'rn')"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0024_restoration"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX domain_by_shape ON directory_domain (({_SHAPE}))", "DROP INDEX domain_by_shape"
        ),
        migrations.RunSQL(
            f"CREATE INDEX alias_by_shape ON directory_domainalias (({_SHAPE}))", "DROP INDEX alias_by_shape"
        ),
    ]
