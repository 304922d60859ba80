"""The simulator as a process of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailroll_simulator import command, tenants
from simulator.tests.entrance import Client


def test_its_help_names_every_tenant(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(["--help"])
    told = capsys.readouterr().out
    assert stopped.value.code == 0
    assert all(named.text in told for named in tenants.NAMED.values())
    assert max(map(len, told.splitlines())) <= 100


@pytest.mark.parametrize("words", [["--users", "2000000"], ["--users", "x"], ["--tenant", "nowhere"], ["--what"]])
def test_a_wrong_option_is_a_matter_of_usage(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(words)
    assert stopped.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_it_says_where_it_is_serves_and_ends_when_told(tmp_path: Path) -> None:
    where = tmp_path / "where.json"
    words = ("--tenant", "haulier", "--tenant", "huge", "--users", "1000000", "--no-consent", "--port-file", str(where))
    with subprocess.Popen(  # noqa: S603 - our own command
        (sys.executable, "-m", "mailroll_simulator", *words), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        told = json.loads(line)
        assert where.read_text() == line
        assert where.stat().st_mode & 0o077 == 0
        assert [tenant["name"] for tenant in told["tenants"]] == ["haulier", "huge"]
        assert {"name", "password", "is"} == told["tenants"][0]["accounts"][0].keys()
        assert "Guest" in {account["is"] for account in told["tenants"][0]["accounts"]}
        client = Client(Path(told["ca_file"]))
        assert client.get(f"{told['graph_url']}/v1.0/users").status == 401
        refused = client.post(
            f"{told['login_url']}/{told['tenants'][0]['id']}/oauth2/v2.0/token",
            {
                "grant_type": "client_credentials",
                "client_id": told["app"]["client_id"],
                "client_secret": told["app"]["secret"],
                "scope": "https://graph.microsoft.com/.default",
            },
        )
        assert refused.json["error_codes"] == [700016]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=300) == 0
    assert not Path(told["ca_file"]).exists()
