from typing import Any, ClassVar

from django.db import models

class AuthenticatorManager(models.Manager[Authenticator]): ...

class Authenticator(models.Model):
    class Type(models.TextChoices):
        RECOVERY_CODES = "recovery_codes"
        TOTP = "totp"
        WEBAUTHN = "webauthn"

    objects: ClassVar[AuthenticatorManager]
    user: Any
    user_id: Any
    type: Any
    data: Any
    def wrap(self) -> Any: ...
