"""Entries that a customer reads name no other organization: with whom a tenant is shared becomes an entry of its own.

It belongs to no organization, so whoever administers all of them reads it.
"""

from django.db import migrations

_APART = """
    INSERT INTO audit_auditentry (at, actor, organization, action, subject, details)
    SELECT at, actor, NULL, 'connection.tenant_shared', COALESCE(details->>'tenant', ''),
           jsonb_build_object('source', details->'source', 'organization', organization, 'others', details->'shared_with')
      FROM audit_auditentry
     WHERE action = 'source.connected' AND jsonb_array_length(details->'shared_with') > 0
     ORDER BY id;
    UPDATE audit_auditentry SET details = details - 'shared_with' WHERE action = 'source.connected'
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_origins")]

    operations = [migrations.RunSQL(_APART, migrations.RunSQL.noop)]
