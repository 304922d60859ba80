"""The `mailroll` command. Its JSON, exit codes and names are a contract: other programs rely on them."""

import gc
import os
import sys


def main() -> None:
    """Read the settings, set Django up, and hand over to the commands, whose modules need both."""
    from mailroll.cli.complaints import complain  # noqa: PLC0415 - the order is the point of this function
    from mailroll.settings import BadSettingsError, Settings  # noqa: PLC0415

    try:
        settings = Settings.read(os.environ)
    except BadSettingsError as error:
        complain(error.code, error.message, error.help, as_json="--json" in sys.argv)
        sys.exit(1)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailroll.config.settings")
    # The values of a run are frozen and make no circles, so counting references frees them. Python looks for circles
    # among them after each 700 objects: measured at 10,000 users, a sixth of the CPU of a sync.
    gc.set_threshold(50_000, 10, 2)

    import django  # noqa: PLC0415

    from mailroll.cli.logs import configure  # noqa: PLC0415

    configure(settings.log_level, settings.log_format)
    django.setup()

    from mailroll.cli.app import app  # noqa: PLC0415

    app(prog_name="mailroll")
