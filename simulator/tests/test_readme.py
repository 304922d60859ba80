"""What the README tells people to type, typed."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_every_command_of_the_readme_does_what_it_says(tmp_path: Path) -> None:
    blocks = re.findall(r"^```(sh|python)\n(.*?)^```$", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    script = "".join(code if kind == "sh" else f"python - <<'END'\n{code}END\n" for kind, code in blocks)
    environment = dict(os.environ) | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "no_proxy": "localhost,127.0.0.1",
    }
    done = subprocess.run(  # noqa: S603
        ("bash", "-euo", "pipefail", "-c", f"trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{script}wait"),  # noqa: S607
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    statuses = [line for line in done.stderr.splitlines() if line.isdigit()]
    assert statuses == ["200", "200", "200", "429", "200", "401"], done.stderr
    assert "SMTP:ann.ash@ashelm.example" in done.stdout
    assert "InvalidAuthenticationToken" in done.stdout
