"""Every table is either in a backup or named among those that stay behind."""

import pytest
from django.db import connection

from mailroll.backup import contents

CARRIED = """
alerts_alert alerts_alertchannel alerts_alertdigest alerts_alertrule alerts_alertrule_channels
account_emailaddress account_emailconfirmation accounts_invitation accounts_membership accounts_operator
accounts_signinpolicy accounts_token accounts_token_organizations accounts_visit audit_auditentry auth_group
auth_group_permissions auth_permission connections_certificatedraft connections_connection connections_consentattempt
connections_consentlink connections_dnsproof connections_source directory_address directory_census directory_domain
directory_domainalias directory_exemption directory_group directory_organization directory_owner directory_pause
directory_restoration directory_staticnote directory_user django_content_type gateway_answercount gateway_asker
gateway_knownaddress gateway_refusedaddress mfa_authenticator socialaccount_socialaccount socialaccount_socialapp
socialaccount_socialtoken sync_domainstanding sync_mailboxpurpose sync_run sync_runchange sync_runcount sync_runprogress
sync_runrequest sync_runskip sync_schedule sync_standingsum
"""
"""A new table comes here, or into `contents.LEFT` where a restored installation must not believe what is in it: where a
reading stands, what waits, who is at work. What it holds that is partly believed is for `backup/distrust.py`."""


@pytest.mark.django_db
def test_no_table_is_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'gateway')"
        )
        there = {name for (name,) in cursor.fetchall()}
        found = contents.tables(cursor, contents.ours())
        numbered = {one.table for one in contents.sequences(cursor, there)}
        cursor.execute("SELECT count(*) FROM pg_class WHERE relkind = 'S'")
        (sequences,) = cursor.fetchone()
    assert there == {table.name for table in found}
    assert there >= contents.LEFT
    assert {table.name for table in contents.carried(found)} == set(CARRIED.split())
    assert len(numbered) == sequences


@pytest.mark.django_db
def test_numbers_of_transactions_never_leave_their_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'gateway')"
            " AND c.relkind = 'r' AND a.attnum > 0 AND a.atttypid IN ('xid'::regtype, 'xid8'::regtype)"
        )
        assert {name for (name,) in cursor.fetchall()} <= contents.LEFT
