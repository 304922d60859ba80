"""The `mailroll` command. Its JSON, exit codes and names are a contract: other programs rely on them."""

import functools
import gc
import os
import sys


def main() -> None:
    """Hand over to the tree of commands, which asks for `ready` once a command is called."""
    # The values of a run are frozen and make no circles, so counting references frees them. Python looks for circles
    # among them after each 700 objects: measured at 10,000 users, a sixth of the CPU of a sync.
    gc.set_threshold(50_000, 10, 2)

    from mailroll.cli.app import tree  # noqa: PLC0415 - the package is imported by programs that call no command
    from mailroll.cli.complaints import complain  # noqa: PLC0415
    from mailroll.settings.errors import BadSettingsError  # noqa: PLC0415

    try:
        tree(ready).main(prog_name="mailroll")
    except BadSettingsError as error:
        complain(error.code, error.message, error.help, as_json="--json" in sys.argv)
        sys.exit(1)


@functools.cache
def ready() -> None:
    """Read the settings and set Django up, before the module of a command is imported, which needs both.

    Raises `BadSettingsError`.
    """
    from mailroll.settings import Settings  # noqa: PLC0415 - help does without

    settings = Settings.read(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailroll.config.settings")

    import django  # noqa: PLC0415

    from mailroll.cli.logs import configure  # noqa: PLC0415

    configure(settings.log_level, settings.log_format)
    django.setup()
