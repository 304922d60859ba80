"""Secrets of second factors are sealed for their operator: until now one row's opened in every other."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mailroll.accounts import installation
from mailroll.sealing import MisplacedError, WrongKeyError

_Context = Callable[[object], str]


def _everybodys(_operator: object) -> str:
    return "second factor"


def _own(operator: object) -> str:
    return f"second factor:operator:{operator}"


def _reseal(apps: Apps, before: _Context, after: _Context) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.select_for_update().exclude(type="webauthn"):
        # What the keys of today do not open lets nobody in anyway; `mailroll keys rotate` comes back to it.
        with suppress(WrongKeyError, MisplacedError):
            row.data = _resealed(row.data, before(row.user_id), after(row.user_id))
            row.save(update_fields=["data"])


def _resealed(data: dict[str, Any], before: str, after: str) -> dict[str, Any]:
    sealer = installation.sealer()

    def change(kept: Any) -> Any:
        return (
            [change(one) for one in kept] if isinstance(kept, list) else sealer.seal(sealer.open(kept, before), after)
        )

    return data | {name: change(data[name]) for name in ("secret", "seed", "migrated_codes") if name in data}


def _forward(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    _reseal(apps, _everybodys, _own)


def _back(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    _reseal(apps, _own, _everybodys)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_demands"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(_forward, _back)]
