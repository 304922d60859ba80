"""The people who stand before every page: those who hold a role in the customer, one who holds one elsewhere."""

import time
from dataclasses import dataclass

from django.test import Client

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Organization

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class People:
    """Owner, technician and viewer work for the customer; the stranger administers another one."""

    owner: Operator
    technician: Operator
    viewer: Operator
    stranger: Operator

    def client(self, name: str) -> Client:
        """A browser in which somebody is signed in; nobody is in one of `anonymous`."""
        client = self.unconfirmed(name)
        if name != "anonymous":
            confirm(client)
        return client

    def unconfirmed(self, name: str) -> Client:
        """A browser that asks to confirm before certain steps."""
        client = Client()
        if name != "anonymous":
            client.force_login(getattr(self, name))
        return client


def confirm(client: Client) -> None:
    """Have whoever is signed in confirmed by password that it is them; for an hour longer than it would hold."""
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 3600, "reauthenticated": True}
    ]
    session.save()


def hire(organization: Organization) -> People:
    other = edit.add_organization("Somebody Else", Acting("test:setup"))
    return People(
        owner=_operator("Priya Nair", organization, Role.ADMINISTRATOR),
        technician=_operator("Tom Ellery", organization, Role.TECHNICIAN),
        viewer=_operator("Vera Lund", organization, Role.VIEWER),
        stranger=_operator("Sam Stranger", other, Role.ADMINISTRATOR),
    )


def _operator(name: str, organization: Organization, role: Role) -> Operator:
    email = f"{name.split(maxsplit=1)[0].lower()}@northgate.example"
    made = Operator.objects.create_user(email, PASSWORD, name=name)
    Membership.objects.create(operator=made, organization=organization, role=role)
    return made
