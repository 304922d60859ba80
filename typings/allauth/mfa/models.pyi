from typing import Any, ClassVar

from django.db import models

class Authenticator(models.Model):
    class Type(models.TextChoices):
        RECOVERY_CODES = "recovery_codes"
        TOTP = "totp"
        WEBAUTHN = "webauthn"

    objects: ClassVar[models.Manager[Authenticator]]
    user: Any
    user_id: Any
    type: Any
    data: Any
    def wrap(self) -> Any: ...
