"""The demonstration, run as a stranger runs it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def test_the_demo_runs_from_start_to_end_and_leaves_nothing_running() -> None:
    # Below /tmp itself: the database's account must be able to reach the folder.
    with tempfile.TemporaryDirectory(prefix="mailroll-demo-test-") as folder:
        Path(folder).chmod(0o755)
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        words = [sys.executable, "-m", "mailroll", "demo", "--folder", f"{folder}/demo"]
        done = subprocess.run(  # noqa: S603 - our own command
            words, env=environment, cwd=folder, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Preview: this would change: brightwater.example" in done.stdout
        assert "Everything is as it should be: brightwater.example" in done.stdout
        assert "The demo is over" in done.stdout
        sockets = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)  # noqa: S607
        assert folder not in sockets.stdout
