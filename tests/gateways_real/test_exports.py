"""The files of `mailroll gateway export`, as Postfix, Exim and slapd read them by the recipes."""

import shlex
from dataclasses import replace
from pathlib import Path

from mailroll.gateway.recipes import EXAMPLE, Block, render
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf
from tests.gateways_real.servers import debian, exim, mailroll, postfix, slapd
from tests.gateways_real.servers.postfix import Postfix
from tests.gateways_real.servers.smtp import said

# Lists cannot say "later": whom the functions put off is accepted.
ACCEPTED = [f"{local}@{NAME}" for local in ("bob", "BOB", "bob+news", "leaving", "left", "joiner", "postmaster")]
REFUSED = [f"{local}@{NAME}" for local in ("gone", "nobody")]


def exported(folder: Path, database_url: str, form: str, *more: str) -> Path:
    place = folder / "exports"
    done = mailroll.run(folder, database_url, "gateway", "export", form, "--all", "--to", str(place), *more)
    assert done.returncode == 0, done.stderr + done.stdout
    return place


def rendered(recipe: str, folder: Path) -> tuple[Block, ...]:
    return render(recipe, replace(EXAMPLE, exports=str(folder / "exports"), configuration=str(folder)))


def reload(running: Postfix) -> str:
    """The recipe's `postfix reload`, told where this Postfix is."""
    script = running.folder / "reload"
    library = shlex.quote(debian.environment(running.root)["LD_LIBRARY_PATH"])
    postfix = running.root / "usr/sbin/postfix"
    script.write_text(f"#!/bin/sh\nLD_LIBRARY_PATH={library} exec {postfix} -c {running.folder} reload\n")
    script.chmod(0o755)
    return str(script)


def test_postfix_reads_the_files_and_sees_a_change_once_it_is_reloaded(
    root: Path, folder: Path, roll: Shelf, database_url: str
) -> None:
    exported(folder, database_url, "texthash")
    (main,) = rendered("postfix-texthash", folder)
    with postfix.started(postfix.configure(root, folder, main.text, {})) as running:
        wanted = {
            **dict.fromkeys([*ACCEPTED, f"bob@{ALIAS}", f"bob@{SHOWN}"], "250 2.1.5"),
            **dict.fromkeys([*REFUSED, f"nobody@{SHOWN}"], "550 5.1.1"),
            f"bob@mail.{NAME}": "454 4.7.1",
            "bob@elsewhere.example": "454 4.7.1",
        }
        assert said(running.port, *wanted) == wanted
        roll.has(f"new@{NAME}")
        exported(folder, database_url, "texthash")
        # A running smtpd keeps the table that it has read.
        assert said(running.port, f"new@{NAME}") == {f"new@{NAME}": "550 5.1.1"}
        roll.has(f"newer@{NAME}")
        exported(folder, database_url, "texthash", "--then", reload(running))
        newer = {f"new@{NAME}": "250 2.1.5", f"newer@{NAME}": "250 2.1.5"}
        assert said(running.port, *newer) == newer


def test_exim_reads_the_files(root: Path, folder: Path, roll: Shelf, database_url: str) -> None:
    exported(folder, database_url, "exim")
    main, acl = rendered("exim-lsearch", folder)
    with exim.started(root, folder, main.text, acl.text) as running:
        wanted = {
            **dict.fromkeys([*ACCEPTED, f"bob@{ALIAS}"], "250"),
            **dict.fromkeys(REFUSED, "550 5.1.1"),
            "bob@elsewhere.example": "550",
        }
        assert said(running.port, *wanted) == wanted
        roll.has(f"new@{NAME}")
        exported(folder, database_url, "exim")
        assert said(running.port, f"new@{NAME}") == {f"new@{NAME}": "250"}


def test_slapd_answers_what_proxmox_and_other_readers_of_active_directory_ask(
    root: Path, folder: Path, roll: Shelf, database_url: str
) -> None:
    place = exported(folder, database_url, "ldif")
    (configuration,) = rendered("slapd", folder)
    with slapd.started(root, folder, configuration.text, place / "current/recipients.ldif") as running:
        # Proxmox Mail Gateway, `queryusers` in src/PMG/LDAPCache.pm, with the attributes that src/PMG/LDAPConfig.pm
        # has as a default; those that no schema here knows are no error.
        attributes = ("mail", "userPrincipalName", "proxyAddresses", "othermailbox", "mailAlternativeAddress")
        asked = "(|" + "".join(f"({one}=*)" for one in attributes) + ")"
        found = running.search(asked, *attributes, "sAMAccountName", "uid", "memberOf")
        values = {value.lower() for _, _, value in (line.partition(": ") for line in found)}
        assert {f"smtp:{one}@{NAME}" for one in ("bob", "robert", "leaving", "postmaster")} <= values
        assert f"smtp:gone@{NAME}" not in values
        # Haraka, Stalwart and Postfix ask for one address.
        one = "(|(mail={0})(proxyAddresses=smtp:{0}))"
        assert running.search(one.format(f"bob@{NAME}"), "mail")
        assert running.search(one.format(f"BOB@{NAME}"), "mail")
        assert not running.search(one.format(f"nobody@{NAME}"), "mail")
