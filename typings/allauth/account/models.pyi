from typing import Any, ClassVar

from allauth.account.managers import EmailAddressManager, EmailConfirmationManager
from django.db import models

class EmailAddress(models.Model):
    objects: ClassVar[EmailAddressManager]

class EmailConfirmation(models.Model):
    objects: ClassVar[EmailConfirmationManager]

class Login:
    def __init__(self, user: Any = None, *, redirect_url: str | None = None) -> None: ...
