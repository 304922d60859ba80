"""Commands about those who sign in to the Console: operators and their roles."""

from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import transaction

from mailroll.accounts import identities, installation, memberships, operators, second_factor
from mailroll.accounts.models import Operator, Role
from mailroll.audit.actor import Acting
from mailroll.cli.files import text
from mailroll.cli.output import Output, acting, answers, table
from mailroll.directory import queries
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput

PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="A file with the password; asked for where none is given.")
]
InOrganization = Annotated[str, typer.Option("--organization", help="Its id, or its name where that is unique.")]


@answers
def add(
    email: str,
    name: Annotated[str, typer.Option(help="How people call them.")] = "",
    organization: Annotated[str | None, typer.Option(help="Where they get a role; together with --role.")] = None,
    role: Annotated[Role | None, typer.Option(help="What they may do there.")] = None,
    password_file: PasswordFile = None,
) -> Output:
    """Add an operator."""
    if (organization is None) != (role is None):
        raise BadInput("membership_half", "A role and an organization belong together.", "Give both, or neither.")
    place = queries.organization(organization) if organization else None
    made = operators.add(email, _password(password_file), acting(), name=name)
    if place is not None and role is not None:
        memberships.grant(made, place, role, acting())
    told = f"Operator {made.email} added: {made.id}"
    return Output({"id": made.id}, told if role is not None else f"{told}\n{_without_role(made)}")


@answers
def everybody() -> Output:
    """List the operators and their roles."""
    found = [_document(one) for one in Operator.objects.prefetch_related("memberships__organization").order_by("email")]
    rows = [
        (
            one["email"],
            one["name"],
            ", ".join(f"{held['role']} in {held['organization']}" for held in one["memberships"]) or "no role",
            "" if one["active"] else "switched off",
        )
        for one in found
    ]
    return Output(found, table(("E-mail", "Name", "Roles", ""), rows) if rows else "No operator yet.")


@answers
def password(
    email: str,
    password_file: PasswordFile = None,
    drop_factors: Annotated[
        bool, typer.Option("--drop-factors", help="Also take factors, codes and a connected account away.")
    ] = False,
) -> Output:
    """Give an operator another password; it ends every session of theirs."""
    found = operators.find(email)
    with transaction.atomic():
        operators.set_password(found, _password(password_file), acting())
        gone = second_factor.take_away(found, acting()) if drop_factors else []
        parted = drop_factors and identities.drop(found, acting())
    more = ["no second factor any more"] * bool(gone) + ["no connected account any more"] * parted
    return _done(found, " and ".join(["has another password", *more]))


@answers
def drop_factors(email: str) -> Output:
    """Take second factors, passkeys and recovery codes from an operator, who is told by mail."""
    found = operators.find(email)
    gone = second_factor.take_away(found, acting())
    return _done(found, "has no second factor any more" if gone else "had no second factor")


@answers
def prove(
    email: str,
    confirm: Annotated[str, typer.Option(help="The address once more, in full; asked for where it is not given.")] = "",
    password_file: PasswordFile = None,
) -> Output:
    """Vouch that an address belongs to the person you give the new password to.

    Whoever had the account before is out: it ends every session, and takes factors, codes and a connected account away.
    """
    found = operators.find(email)
    typed = confirm or typer.prompt(f"Type {found.email} in full", err=True)
    if typed.strip() != found.email:
        raise BadInput("operator_not_confirmed", f"“{typed}” is not {found.email}.", "Type the address in full.")
    operators.prove(found, _password(password_file), acting())
    return _done(found, "is proved and has another password")


@answers
def deactivate(email: str) -> Output:
    """Switch an operator off; it ends every session of theirs."""
    found = operators.find(email)
    operators.deactivate(found, acting())
    return _done(found, "is switched off")


@answers
def activate(email: str) -> Output:
    """Switch an operator on again."""
    found = operators.find(email)
    operators.activate(found, acting())
    return _done(found, "is switched on")


@answers
def remove(email: str) -> Output:
    """Delete an operator and all their roles."""
    found = operators.find(email)
    document = {"id": found.id, "email": found.email}
    operators.remove(found, acting())
    return Output(document, f"Operator {document['email']} is removed.")


@answers
def grant(email: str, organization: InOrganization, role: Annotated[Role, typer.Option()]) -> Output:
    """Give an operator a role in an organization and all below it; one held there is replaced."""
    found, place = operators.find(email), queries.organization(organization)
    memberships.grant(found, place, role, acting())
    return _done(found, f"is {role} in “{place.name}”")


@answers
def revoke(email: str, organization: InOrganization) -> Output:
    """Take a role away."""
    found, place = operators.find(email), queries.organization(organization)
    memberships.revoke(memberships.find(found, place), acting())
    return _done(found, f"has no role of their own in “{place.name}”")


def first() -> None:
    """Make the first administrator that the environment names, where there is no operator yet."""
    own = installation.settings()
    if own.admin_email and own.admin_password_file:
        operators.first_administrator(own.admin_email, text(own.admin_password_file), Acting("environment"))


def _without_role(operator: Operator) -> str:
    """Say what to run next: who has no role may sign in, and sees nothing."""
    commands = [f"mailroll membership add {operator.email} --organization NAME --role administrator"]
    if not Organization.objects.exists():
        commands.insert(0, "mailroll organization add NAME")
    return "\n".join(
        ["They see nothing before they have a role in an organization:", *(f"  {one}" for one in commands)]
    )


def _password(file: Path | None) -> str:
    return text(file) if file else typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)


def _done(found: Operator, what: str) -> Output:
    return Output(_document(found), f"Operator {found.email} {what}.")


def _document(found: Operator) -> dict[str, Any]:
    held = found.memberships.select_related("organization")
    return {
        "id": found.id,
        "email": found.email,
        "name": found.name,
        "active": found.is_active,
        "memberships": [
            {"organization": one.organization.name, "organization_id": one.organization_id, "role": one.role}
            for one in sorted(held, key=lambda one: one.organization.name)
        ],
    }
