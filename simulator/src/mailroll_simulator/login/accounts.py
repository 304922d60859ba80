"""Who can sign in: the accounts a page offers, and whose password it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.store import Store
from mailroll_simulator.login.wire import Fields, LoginRequest
from mailroll_simulator.objects import Role, User
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.world import World

SESSION_COOKIE = "simulated_entra_session"
# Only they may consent to application permissions of Graph.
CONSENTING = frozenset((Role.GLOBAL_ADMINISTRATOR, Role.PRIVILEGED_ROLE_ADMINISTRATOR))
_LOOKED_AT, _OFFERED, _GUESTS = 500, 8, 1


@dataclass(frozen=True, slots=True)
class Account:
    """A user as one who signs in."""

    tenant: Tenant
    user: User

    @property
    def standing(self) -> str:
        if self.user.roles:
            return ", ".join(role.label for role in self.user.roles)
        return "Guest" if self.user.home_tenant else "User"

    @property
    def consents(self) -> bool:
        return not CONSENTING.isdisjoint(self.user.roles)


def offered(world: World, tenant: Tenant | None) -> Iterator[Account]:
    """Give some accounts of the tenant, or of all: those with roles first, a guest last."""
    for home in (tenant,) if tenant else tuple(world.tenants.values()):
        able = [user for user in islice(home.users, _LOOKED_AT) if _enabled(user) and _signs_in(user, tenant)]
        able.sort(key=lambda user: (not user.roles, user.purpose != "user"))
        guests = [user for user in able if user.home_tenant][:_GUESTS]
        others = [user for user in able if not user.home_tenant][: _OFFERED - len(guests)]
        yield from (Account(home, user) for user in (*others, *guests))


def sign_in(world: World, tenant: Tenant | None, form: Fields) -> Account:
    """Find whose account and password were given; a refusal where they are nobody's, or may not sign in here."""
    name = form.get("other_account") or form.get("account")
    if name is None:
        raise LoginError(50034, "Choose an account, or name another.")
    found = _find((tenant,) if tenant else tuple(world.tenants.values()), name)
    if found is None or not _signs_in(found.user, tenant):
        if tenant is not None and _find(tuple(world.tenants.values()), name):
            raise LoginError(
                50020,
                f"User account '{name}' does not exist in tenant '{tenant.display_name}' and cannot access the "
                "application there. The account needs to be added as an external user in the tenant first.",
            )
        raise LoginError(50034, f"The user account {name} does not exist in the directory.")
    if form.get("password") != found.user.password:
        raise LoginError(50126, "Error validating credentials due to invalid username or password.")
    if not _enabled(found.user):
        raise LoginError(50057)
    return found


def signed_in(world: World, store: Store, request: LoginRequest, tenant: Tenant | None) -> Account | None:
    """Give who is signed in in this browser, where the account belongs to the tenant asked for."""
    session = store.sessions.get(request.cookie(SESSION_COOKIE) or "")
    home = world.tenants.get(session.tenant_id.lower()) if session else None
    if session is None or home is None or (tenant is not None and tenant is not home):
        return None
    user = home.users.get(session.user_id)
    return Account(home, user) if user is not None and _enabled(user) else None


def session_cookie(value: str) -> str:
    # Not Secure: the pages are served over plain HTTP on the loopback, too.
    return f"{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax"


def no_session_cookie() -> str:
    return f"{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"


def _find(tenants: tuple[Tenant, ...], name: str) -> Account | None:
    for tenant in tenants:
        user = tenant.users.by_upn(name)
        if user is not None:
            return Account(tenant, user)
    return None


def _signs_in(user: User, tenant: Tenant | None) -> bool:
    """A guest only signs in where the tenant is named: anywhere else they are at home in theirs."""
    return user.home_tenant is None or tenant is not None


def _enabled(user: User) -> bool:
    return user.properties.get("accountEnabled") is not False
