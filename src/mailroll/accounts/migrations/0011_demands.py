"""A demand for a second factor has a level. What was demanded before goes on: of everybody, or of nobody."""

from django.db import migrations, models

# An organization on top that says nothing has the installation's default, which is new: installations from before say
# "nobody" and change that when they choose to. Below, saying nothing means what holds above.
_ON = "UPDATE accounts_signinpolicy SET demand = 'everybody' WHERE second_factor"
_OFF = """
    DELETE FROM accounts_signinpolicy policy USING directory_organization place
    WHERE place.id = policy.organization_id AND place.parent_id IS NOT NULL AND NOT policy.second_factor
"""
_TOPS = """
    INSERT INTO accounts_signinpolicy (organization_id, second_factor, demand)
    SELECT id, false, 'nobody' FROM directory_organization WHERE parent_id IS NULL
    ON CONFLICT (organization_id) DO NOTHING
"""
_BACK = "UPDATE accounts_signinpolicy SET second_factor = demand <> 'nobody'"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_visits"),
        ("directory", "0020_departures"),
    ]

    operations = [
        migrations.AddField("signinpolicy", "demand", models.TextField(default="nobody"), preserve_default=False),
        migrations.RunSQL(_ON, _BACK),
        migrations.RunSQL(_OFF, migrations.RunSQL.noop),
        migrations.RunSQL(_TOPS, migrations.RunSQL.noop),
        # What a statement above left for the end of the transaction, ALTER TABLE would stumble over.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField("signinpolicy", "second_factor"),
        migrations.AddConstraint(
            "signinpolicy",
            models.CheckConstraint(
                condition=models.Q(("demand__in", ["nobody", "administrators", "technicians", "everybody"])),
                name="sign_in_demand_known",
            ),
        ),
    ]
