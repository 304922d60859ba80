"""Who may do what: one function a question. Roles are inherited downwards over the tree of organizations."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.directory import tree
from mailroll.directory.fixed_queries import Parameter
from mailroll.directory.models import Domain, Organization

# UNION, not UNION ALL: a ring of parents, which no constraint can forbid, ends the walk instead of never.
_BELOW = """
    WITH RECURSIVE reach (id) AS (
        SELECT held.organization_id
        FROM accounts_membership held JOIN accounts_operator who ON who.id = held.operator_id
        WHERE who.id = %s AND who.is_active AND held.role = ANY (%s)
        UNION
        SELECT child.id FROM directory_organization child JOIN reach ON child.parent_id = reach.id
    ) SELECT id FROM reach
"""
_LINE = """
    WITH RECURSIVE above (id, parent_id) AS (
        SELECT own.id, own.parent_id FROM directory_organization own WHERE own.id = %s
        UNION
        SELECT upper.id, upper.parent_id FROM directory_organization upper JOIN above ON upper.id = above.parent_id
    )
"""
_ADMINISTRATORS = f"""{_LINE}
    SELECT held.operator_id
    FROM accounts_membership held JOIN above ON above.id = held.organization_id
    WHERE held.role = 'administrator' AND held.id IS DISTINCT FROM %s
"""  # noqa: S608 - of our own pieces
_ABOVE = f"""{_LINE}
    SELECT held.role
    FROM accounts_membership held JOIN above ON above.id = held.organization_id
    JOIN accounts_operator who ON who.id = held.operator_id
    WHERE who.id = %s AND who.is_active
"""  # noqa: S608


_AMONG = "count(*) FILTER (WHERE o.id IN (SELECT organization_id FROM mine WHERE role = ANY (%s)))"
_TOPS = f"""
    WITH mine AS MATERIALIZED (
        SELECT held.organization_id, held.role
        FROM accounts_membership held JOIN accounts_operator who ON who.id = held.operator_id
        WHERE who.id = %s AND who.is_active
    )
    SELECT count(*), {", ".join([_AMONG] * len(Role))} FROM directory_organization o WHERE o.parent_id IS NULL
"""  # noqa: S608

# The same of the organization of a row, beside which it is read.
_HELD = f"""ARRAY({_ABOVE.replace("%s", "{column}", 1)})"""

_Roles = dict[tuple[UUID, UUID], Role | None]
_remembered: ContextVar[_Roles | None] = ContextVar("roles", default=None)
_Tops = Mapping[Role | None, int]
"""How many organizations stand at the top, and for each role in how many somebody has at least that one."""
_reaching: ContextVar[dict[UUID, _Tops] | None] = ContextVar("reaching", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Look each role up once as long as this lasts: for a page that is only looked at, which changes none."""
    roles, reaching = _remembered.set({}), _reaching.set({})
    try:
        yield
    finally:
        _remembered.reset(roles)
        _reaching.reset(reaching)


def domains_with_role(viewer: UUID | Parameter) -> QuerySet[Domain]:
    """Every domain with its organization, whoever's it is, and beside it what `role_with` tells of an operator."""
    # With the organization above, whose help holds where this one names none.
    all_domains = Domain.objects.select_related("organization__parent")
    return all_domains.annotate(held=_held_at("directory_domain.organization_id", viewer))


def organizations_with_role(viewer: UUID | Parameter) -> QuerySet[Organization]:
    """Every organization, whoever's it is, and beside it what `role_with` tells of an operator."""
    all_organizations = Organization.objects.select_related("parent")
    return all_organizations.annotate(held=_held_at("directory_organization.id", viewer))


def role_with(row: Domain | Organization, operator: Operator) -> Role | None:
    """Return the role that was read beside a row. It is remembered, where roles are."""
    role, remembered_roles = _strongest(row.held), _remembered.get()  # type: ignore[union-attr] # an annotation
    if remembered_roles is not None:
        remembered_roles[operator.id, row.organization_id if isinstance(row, Domain) else row.id] = role
    return role


def _held_at(column: str, viewer: UUID | Parameter) -> RawSQL:
    # The column is one of ours, from above.
    return RawSQL(_HELD.format(column=column), (viewer,), output_field=ArrayField(TextField()))  # noqa: S611


def organizations(operator: Operator) -> QuerySet[Organization]:
    """Every organization that an operator sees: those of the memberships, and all below."""
    return organizations_as(operator, Role.VIEWER)


def organizations_as(operator: Operator, role: Role) -> QuerySet[Organization]:
    """Every organization in which an operator has at least this role."""
    enough = [wider_role.value for wider_role in role.included_in]
    return Organization.objects.filter(id__in=RawSQL(_BELOW, (operator.id, enough)))  # noqa: S611 - no text of others


def domains(operator: Operator) -> QuerySet[Domain]:
    return Domain.objects.filter(organization__in=organizations(operator))


def seen_domains(operator: Operator) -> QuerySet[Domain]:
    """Return what `domains` does, as `reach` does it: for a look, not for what has to hold later."""
    return Domain.objects.all() if everywhere(operator) else domains(operator)


def everywhere(operator: Operator, role: Role = Role.VIEWER) -> bool:
    """Whether an operator has at least this role in every organization at the top, and so in all there are.

    Where it is so, whoever lists a hundred thousand domains need not walk down the tree to each of them first.
    """
    tops = _tops(operator)
    return bool(tops[None]) and tops[None] == tops[role]


def holds_the_only_top(operator: Operator, role: Role) -> bool:
    """Whether all there is stands below one organization, in which an operator has at least this role."""
    tops = _tops(operator)
    return tops[None] == tops[role] == 1


def _tops(operator: Operator) -> _Tops:
    remembered_tops = _reaching.get()
    if remembered_tops is not None and operator.id in remembered_tops:
        return remembered_tops[operator.id]
    with connection.cursor() as cursor:
        cursor.execute(_TOPS, [operator.id, *([wider_role.value for wider_role in role.included_in] for role in Role)])
        every, *numbers = cursor.fetchone()
    tops: _Tops = {None: every, **dict(zip(Role, numbers, strict=True))}
    if remembered_tops is not None:
        remembered_tops[operator.id] = tops
    return tops


def reach(operator: Operator, role: Role = Role.VIEWER) -> QuerySet[Organization]:
    """Return what `organizations_as` does, without a walk down the tree where that is all there is.

    It asks at once; the others only when they are read.
    """
    return Organization.objects.all() if everywhere(operator, role) else organizations_as(operator, role)


def anywhere(operator: Operator, role: Role) -> bool:
    """Whether an operator has at least this role in any organization: no need to look what lies below it."""
    return _memberships_with_role(operator, role).exists()


def role_in(operator: Operator, organization: Organization) -> Role | None:
    """Return the strongest of an operator's own and inherited roles."""
    remembered_roles, key = _remembered.get(), (operator.id, organization.id)
    if remembered_roles is None:
        return _role_in(*key)
    if key not in remembered_roles:
        remembered_roles[key] = _role_in(*key)
    return remembered_roles[key]


def _role_in(operator: UUID, organization: UUID) -> Role | None:
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [organization, operator])
        return _strongest(role for (role,) in cursor.fetchall())


def _strongest(roles: Iterable[str]) -> Role | None:
    return max(map(Role, roles), key=lambda role: role.strength, default=None)


def administrators(organization: Organization, *, without: Membership | None = None) -> QuerySet[Operator]:
    """Everybody who administers an organization by a role in it or above it; as if `without` did not exist."""
    operator_ids = RawSQL(_ADMINISTRATORS, (organization.id, without.id if without else None))  # noqa: S611
    return Operator.objects.filter(id__in=operator_ids, is_active=True)


def _at_least(needed: Role) -> Callable[[Operator, Organization], bool]:
    def may(operator: Operator, organization: Organization) -> bool:
        role = role_in(operator, organization)
        return role is not None and role.strength >= needed.strength

    return may


may_view = _at_least(Role.VIEWER)
may_run = _at_least(Role.TECHNICIAN)
"""Preview, sync, apply, discard and cancel; the automatic sync and its interval."""
may_edit = _at_least(Role.TECHNICIAN)
"""Users, groups, pins and exemptions; where a source's users go, and the order of sources."""
may_release = _at_least(Role.TECHNICIAN)
may_attend = _at_least(Role.TECHNICIAN)
"""Put alerts off, and say that somebody sees to them."""
may_set_up = _at_least(Role.TECHNICIAN)
"""See the configuration for gateways: hosts and ports of the installation are for those who put it in place."""
may_connect = _at_least(Role.ADMINISTRATOR)
"""Connect and disconnect; add and remove sources and domains."""
may_invite = _at_least(Role.ADMINISTRATOR)
"""Invite people, change their roles, take them away."""
may_issue = _at_least(Role.ADMINISTRATOR)
"""Make tokens for what reads the lists of the organization, and revoke them."""
may_settle = _at_least(Role.ADMINISTRATOR)
"""Change the settings of the organization."""
may_audit = _at_least(Role.ADMINISTRATOR)


def may_erase(operator: Operator, organization: Organization) -> bool:
    """Erase an organization with all that is kept of it: for its provider, whose own account and log outlive it."""
    above = organization.parent
    return above is not None and _at_least(Role.ADMINISTRATOR)(operator, above)


def administers_all(operator: Operator) -> bool:
    """Whether an operator administers every topmost organization: to them the installation itself is told of."""
    return everywhere(operator, Role.ADMINISTRATOR)


def stands_on_top(operator: Operator, organization: Organization) -> bool:
    """Whether an operator administers what stands at the top, above an organization: there their word is proof."""
    above = tree.above(organization).filter(parent=None)
    memberships = Membership.objects.filter(operator=operator, operator__is_active=True, role=Role.ADMINISTRATOR)
    return memberships.filter(organization__in=above).exists()


def stands_on_top_of_all(operator: Operator) -> bool:
    """Whether an operator stands on top of every organization that they administer.

    What is below one of their own roles has the same top as that one, so only those are looked at.
    """
    own = _memberships_with_role(operator, Role.ADMINISTRATOR).select_related("organization")
    lower = [membership.organization for membership in own if membership.organization.parent_id is not None]
    return all(stands_on_top(operator, organization) for organization in lower)


def _memberships_with_role(operator: Operator, role: Role) -> QuerySet[Membership]:
    enough = [wider_role.value for wider_role in role.included_in]
    return Membership.objects.filter(operator=operator, operator__is_active=True, role__in=enough)
