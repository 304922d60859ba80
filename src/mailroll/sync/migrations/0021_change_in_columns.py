"""What a user will be stands in columns of a change, and no longer as JSON; its lead is kept beside its reasons."""

import django.contrib.postgres.fields
from django.db import migrations, models

_TAKE_BACK = """
    UPDATE sync_runchange SET after = jsonb_strip_nulls(jsonb_build_object(
        'type', nullif(object_type, ''), 'rule', nullif(kind_rule, ''), 'kept', CASE WHEN kept THEN true END
    )) || jsonb_build_object(
        'owner', owner, 'display_name', display_name, 'kind', kind, 'billable', billable, 'group', "group",
        'primary', nullif("primary", ''), 'aliases', to_jsonb(aliases), 'former', to_jsonb(former), 'retired', retired,
        'external_id', nullif(external_id, '')
    ) WHERE kind <> ''
"""
# As `reconcile/leads.py` had it then.
_LEADS = {
    "renamed": "renamed",
    "primary_changed": "renamed",
    "kind_changed": "kind_changed",
    "alias_added": "alias_added",
    "alias_gone": "alias_gone",
    "address_moved": "alias_gone",
    "group_changed": "group_changed",
    "source_changed": "source_changed",
    "billable_changed": "billable_changed",
}


def _reason(code: str) -> str:
    return f"""'[{{"code": "{code}"}}]'::jsonb"""


# All in one statement: rows that were written in this transaction are looked at again by the key to the run when they
# are written once more, and the table cannot be altered before.
_FILL = f"""
    UPDATE sync_runchange SET
        owner = (after->>'owner')::uuid,
        object_type = coalesce(after->>'type', ''),
        display_name = coalesce(after->>'display_name', ''),
        kind = coalesce(after->>'kind', ''),
        kind_rule = coalesce(after->>'rule', ''),
        billable = coalesce((after->>'billable')::boolean, false),
        kept = coalesce((after->>'kept')::boolean, false),
        "group" = coalesce(after->>'group', ''),
        "primary" = coalesce(after->>'primary', ''),
        aliases = ARRAY(SELECT one FROM jsonb_array_elements_text(after->'aliases') WITH ORDINALITY t(one, n) ORDER BY n),
        former = ARRAY(SELECT one FROM jsonb_array_elements_text(after->'former') WITH ORDINALITY t(one, n) ORDER BY n),
        retired = coalesce((after->>'retired')::boolean, false),
        lead = coalesce(CASE
            WHEN action <> 'update' THEN NULL
            {" ".join(f"WHEN reasons @> {_reason(code)} THEN '{lead}'" for code, lead in _LEADS.items())}
        END, reasons->0->>'code', '')
"""  # noqa: S608 - of the codes above


class Migration(migrations.Migration):
    dependencies = (("sync", "0020_skip_name"),)

    operations = (
        *(
            migrations.AddField("runchange", name, models.TextField(blank=True, default=""))
            for name in ("lead", "object_type", "display_name", "kind", "kind_rule", "group", "primary")
        ),
        *(
            migrations.AddField("runchange", name, models.BooleanField(default=False))
            for name in ("billable", "kept", "retired")
        ),
        *(
            migrations.AddField(
                "runchange",
                name,
                django.contrib.postgres.fields.ArrayField(models.TextField(), blank=True, default=list),
            )
            for name in ("aliases", "former")
        ),
        migrations.AddField("runchange", "owner", models.UUIDField(blank=True, null=True)),
        migrations.AddField("runchange", "content_hash", models.CharField(blank=True, default="", max_length=32)),
        migrations.RunSQL(_FILL, _TAKE_BACK),
        migrations.RemoveField("runchange", "after"),
    )
