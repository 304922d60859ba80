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
    operator = operators.add(email, _password(password_file), acting(), name=name)
    if place is not None and role is not None:
        memberships.grant(operator, place, role, acting())
    sentence = f"Operator {operator.email} added: {operator.id}"
    return Output({"id": operator.id}, sentence if role is not None else f"{sentence}\n{_without_role(operator)}")


@answers
def everybody() -> Output:
    """List the operators and their roles."""
    documents = [
        _document(operator)
        for operator in Operator.objects.prefetch_related("memberships__organization").order_by("email")
    ]
    rows = [
        (
            document["email"],
            document["name"],
            ", ".join(f"{membership['role']} in {membership['organization']}" for membership in document["memberships"])
            or "no role",
            "" if document["active"] else "switched off",
        )
        for document in documents
    ]
    return Output(documents, table(("E-mail", "Name", "Roles", ""), rows) if rows else "No operator yet.")


@answers
def password(
    email: str,
    password_file: PasswordFile = None,
    drop_factors: Annotated[
        bool, typer.Option("--drop-factors", help="Also take factors, codes and a connected account away.")
    ] = False,
) -> Output:
    """Give an operator another password; it ends every session of theirs."""
    operator = operators.find(email)
    with transaction.atomic():
        operators.set_password(operator, _password(password_file), acting())
        factors = second_factor.take_away(operator, acting()) if drop_factors else []
        parted = drop_factors and identities.drop(operator, acting())
    more = ["no second factor any more"] * bool(factors) + ["no connected account any more"] * parted
    return _operator_output(operator, " and ".join(["has another password", *more]))


@answers
def drop_factors(email: str) -> Output:
    """Take second factors, passkeys and recovery codes from an operator, who is told by mail."""
    operator = operators.find(email)
    factors = second_factor.take_away(operator, acting())
    return _operator_output(operator, "has no second factor any more" if factors else "had no second factor")


@answers
def prove(
    email: str,
    confirm: Annotated[str, typer.Option(help="The address once more, in full; asked for where it is not given.")] = "",
    password_file: PasswordFile = None,
) -> Output:
    """Vouch that an address belongs to the person you give the new password to.

    Whoever had the account before is out: it ends every session, and takes factors, codes and a connected account away.
    """
    operator = operators.find(email)
    typed = confirm or typer.prompt(f"Type {operator.email} in full", err=True)
    if typed.strip() != operator.email:
        raise BadInput("operator_not_confirmed", f"“{typed}” is not {operator.email}.", "Type the address in full.")
    operators.prove(operator, _password(password_file), acting())
    return _operator_output(operator, "is proved and has another password")


@answers
def deactivate(email: str) -> Output:
    """Switch an operator off; it ends every session of theirs."""
    operator = operators.find(email)
    operators.deactivate(operator, acting())
    return _operator_output(operator, "is switched off")


@answers
def activate(email: str) -> Output:
    """Switch an operator on again."""
    operator = operators.find(email)
    operators.activate(operator, acting())
    return _operator_output(operator, "is switched on")


@answers
def remove(email: str) -> Output:
    """Delete an operator and all their roles."""
    operator = operators.find(email)
    document = {"id": operator.id, "email": operator.email}
    operators.remove(operator, acting())
    return Output(document, f"Operator {document['email']} is removed.")


@answers
def grant(email: str, organization: InOrganization, role: Annotated[Role, typer.Option()]) -> Output:
    """Give an operator a role in an organization and all below it; one held there is replaced."""
    operator, place = operators.find(email), queries.organization(organization)
    memberships.grant(operator, place, role, acting())
    return _operator_output(operator, f"is {role} in “{place.name}”")


@answers
def revoke(email: str, organization: InOrganization) -> Output:
    """Take a role away."""
    operator, place = operators.find(email), queries.organization(organization)
    memberships.revoke(memberships.find(operator, place), acting())
    return _operator_output(operator, f"has no role of their own in “{place.name}”")


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
        ["They see nothing before they have a role in an organization:", *(f"  {command}" for command in commands)]
    )


def _password(file: Path | None) -> str:
    return text(file) if file else typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)


def _operator_output(operator: Operator, outcome: str) -> Output:
    return Output(_document(operator), f"Operator {operator.email} {outcome}.")


def _document(operator: Operator) -> dict[str, Any]:
    membership_rows = operator.memberships.select_related("organization")
    return {
        "id": operator.id,
        "email": operator.email,
        "name": operator.name,
        "active": operator.is_active,
        "memberships": [
            {
                "organization": membership.organization.name,
                "organization_id": membership.organization_id,
                "role": membership.role,
            }
            for membership in sorted(membership_rows, key=lambda membership: membership.organization.name)
        ],
    }
