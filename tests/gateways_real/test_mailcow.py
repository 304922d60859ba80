"""mailcow's Postfix with the recipe's `extra.cf`: what stands in its main.cf about recipients, on a Postfix of Debian.

From data/conf/postfix/main.cf of mailcow-dockerized. Its MySQL tables are files here, read through `proxy:` as well.
Left out is what asks DNS about the client, slows down who errs, or has nothing to do with recipients.
"""

from pathlib import Path

from mailroll.gateway.recipes import EXAMPLE, render
from tests.gateway.conftest import ALIAS, NAME, Shelf
from tests.gateways_real.servers import mailroll, postfix, processes
from tests.gateways_real.servers.smtp import said
from tests.ports import reserved_port

_MYSQL = "proxy:mysql:/opt/postfix/conf/sql/mysql_relay_recipient_maps.cf"
_MAIN = """
compatibility_level = 2
recipient_delimiter = +
smtputf8_enable = no
smtpd_delay_reject = yes
smtpd_helo_required = yes
mydestination = localhost.localdomain, localhost
smtpd_relay_restrictions = permit_mynetworks,
  permit_sasl_authenticated,
  defer_unauth_destination
smtpd_recipient_restrictions = permit_sasl_authenticated,
  permit_mynetworks,
  reject_invalid_helo_hostname,
  reject_unauth_destination
proxy_read_maps = $local_recipient_maps,
  $mydestination,
  $virtual_alias_maps,
  $virtual_mailbox_maps,
  $virtual_mailbox_domains,
  $relay_recipient_maps,
  $relay_domains,
  $transport_maps,
  $mynetworks
relay_domains = proxy:texthash:{folder}/relay_domains
relay_recipient_maps = {own}
virtual_alias_maps = proxy:texthash:{folder}/aliases
virtual_mailbox_maps = proxy:texthash:{folder}/mailboxes
virtual_mailbox_domains = proxy:texthash:{folder}/domains
"""


def test_the_server_answers_behind_the_recipients_of_mailcow_itself(
    root: Path, folder: Path, roll: Shelf, database_url: str
) -> None:
    port, own = reserved_port(), f"proxy:texthash:{folder}/relay_recipients"
    (extra,) = render("mailcow", EXAMPLE)
    override = extra.text.replace("172.22.1.1:20025", f"127.0.0.1:{port}").replace(_MYSQL, own)
    assert own in override
    assert str(port) in override
    files = {
        "relay_domains": f"{NAME} x\n{ALIAS} x\n",
        "relay_recipients": f"box@{NAME} box@{NAME}\n",
        "aliases": f"box@{NAME} box@{NAME}\n",
        "mailboxes": "person@own.example own.example/person/\n",
        "domains": "own.example own.example\n",
    }
    main = _MAIN.format(folder=folder, own=own) + override
    yes = ("bob", "BOB", "bob+news", "leaving", "postmaster", "box")
    wanted = {
        **dict.fromkeys([f"{local}@{NAME}" for local in yes], "250 2.1.5"),
        f"bob@{ALIAS}": "250 2.1.5",
        "person@own.example": "250 2.1.5",
        **dict.fromkeys([f"left@{NAME}", f"joiner@{NAME}"], "451 4.3.0"),
        **dict.fromkeys([f"gone@{NAME}", f"nobody@{NAME}", f"nobody@{ALIAS}", "nobody@own.example"], "550 5.1.1"),
        "bob@elsewhere.example": "554 5.7.1",
    }
    with postfix.started(postfix.configure(root, folder, main, files)) as running:
        with mailroll.serving(folder, database_url, port):
            first = {f"bob@{NAME}": "250 2.1.5"}
            processes.wait(lambda: said(running.port, *first) == first, "the server has read the roll")
            assert said(running.port, *wanted) == wanted
        # Whom mailcow has itself it goes on taking.
        away = {f"box@{NAME}": "250 2.1.5", f"bob@{NAME}": "451 4.3.0", f"nobody@{NAME}": "451 4.3.0"}
        assert said(running.port, *away) == away
