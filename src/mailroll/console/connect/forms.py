"""The forms of connecting: what browsers send, parsed once. What of it is right is for the use cases to say."""

from typing import Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

from mailroll.connections import customer_registration
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Source
from mailroll.console import parameters
from mailroll.reconcile.errors import BadInput

PEM_MAX: Final = 32_768
"""Bytes of an uploaded file that are read."""
TEXT_MAX: Final = 4_096


class SearchConnections(parameters.SearchForm):
    show = forms.ChoiceField(required=False, choices=(("", ""), ("pressing", "")))

    @property
    def only_pressing(self) -> bool:
        return bool(self.cleaned_data.get("show"))


class RegistrationForm(forms.Form):
    """The customer's own app registration, and the proof that was chosen."""

    tenant = forms.CharField(required=False, max_length=TEXT_MAX)
    client = forms.CharField(required=False, max_length=TEXT_MAX)
    cloud = forms.CharField(required=False, max_length=TEXT_MAX)
    proof = forms.CharField(required=False, max_length=TEXT_MAX)
    secret = forms.CharField(required=False, max_length=TEXT_MAX)
    certificate = forms.FileField(required=False)
    certificate_key = forms.FileField(required=False)

    @property
    def entered(self) -> dict[str, str]:
        """What comes back to the page with a fault; secrets do not."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name, "")) for name in ("tenant", "client", "cloud", "proof")}

    def credential(self, source: Source) -> Credential:
        """Return the proof that was chosen: a secret, a certificate of their own, or the one that was made here."""
        match self.entered["proof"]:
            case "secret":
                return Credential(secret=str(self.cleaned_data.get("secret", "")))
            case "own":
                return Credential(certificate=self._pem("certificate"), certificate_key=self._pem("certificate_key"))
            case _:
                return customer_registration.drafted(source)

    def _pem(self, name: str) -> str:
        """Take an upload as it is: nothing of it is kept but sealed."""
        file = self.cleaned_data.get(name)
        if not isinstance(file, UploadedFile):
            return ""
        text: bytes = file.read(PEM_MAX + 1)
        try:
            return text.decode("ascii").strip()
        except UnicodeDecodeError:
            raise BadInput(
                "file_not_text", "A PEM file is plain text; this one is not.", "Upload the PEM form."
            ) from None


class LinkAction(forms.Form):
    """What shall be done with the link for the customer."""

    do = forms.ChoiceField(choices=(("make", ""), ("send", ""), ("end", "")))
    to = forms.CharField(required=False, max_length=TEXT_MAX)


class ConnectionChoice(forms.Form):
    connection = forms.UUIDField()


class ConnectionPage(forms.Form):
    """What the page of a connection sends: that the tenant is hybrid or is not; without it, a check is asked for."""

    hybrid = forms.ChoiceField(required=False, choices=(("yes", ""), ("no", "")))
