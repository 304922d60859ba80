"""What a request to the control surface carries, and how a path finds its lever."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mailroll_simulator.login.service import LoginService
from mailroll_simulator.objects import Role, User
from mailroll_simulator.registrations import App
from mailroll_simulator.schema import object_type
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import Json
from mailroll_simulator.world import World

TRUE = frozenset(("1", "true", "yes"))


class NotThere(LookupError):
    """There is no such thing: answered with 404."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the world it acts on, and what its path, query and body say."""

    world: World
    login: LoginService
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]

    def need(self, name: str) -> Any:
        if name not in self.body:
            raise ValueError(f"the body lacks {name!r}")
        return self.body[name]

    def only(self, *names: str) -> Mapping[str, Any]:
        """Give the body, refused where it has other names."""
        unknown = self.body.keys() - set(names)
        if unknown:
            raise ValueError(f"the body may have {', '.join(names)}, not {', '.join(sorted(unknown))}")
        return self.body

    @property
    def tenant(self) -> Tenant:
        name = self.path["tenant"]
        found = self.world.tenants.get(name.lower()) or next(
            (tenant for tenant in self.world.tenants.values() if name.lower() in tenant.domains), None
        )
        if found is None:
            raise NotThere(f"no tenant {name}")
        return found

    @property
    def user(self) -> User:
        return self.tenant.user(self.path["user"])

    @property
    def app(self) -> App:
        found = self.world.apps.get(self.path["app"].lower())
        if found is None:
            raise NotThere(f"no app {self.path['app']}")
        return found


@dataclass(frozen=True, slots=True)
class Route:
    """One lever: its method, its path with names in braces, one line on what it does."""

    method: str
    pattern: str
    text: str
    pull: Callable[[Call], Json]

    def match(self, method: str, segments: tuple[str, ...]) -> dict[str, str] | None:
        """Give the values of the names in braces; None where the path is another."""
        wanted = tuple(self.pattern.strip("/").split("/"))
        if method != self.method or len(wanted) != len(segments):
            return None
        found: dict[str, str] = {}
        for part, segment in zip(wanted, segments, strict=True):
            if part.startswith("{"):
                found[part.strip("{}")] = segment
            elif part != segment:
                return None
        return found


def properties(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Give Graph properties, refused where the kind of object has no such one."""
    unknown = given.keys() - object_type(kind).properties.keys()
    if unknown:
        raise ValueError(f"a {kind} has no {', '.join(sorted(unknown))}")
    return dict(given)


def roles(names: Any) -> tuple[Role, ...]:
    """Give directory roles named by template id or by name, as in GLOBAL_ADMINISTRATOR."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("roles is a list of names or template ids")
    return tuple(Role.__members__.get(name.upper()) or Role(name) for name in names)


def shown(user: User) -> dict[str, Json]:
    return {
        "id": user.id,
        "purpose": user.purpose,
        "barred": user.barred,
        "on_premises": user.on_premises,
        "roles": [role.name for role in user.roles],
        "password": user.password,
        "home_tenant": user.home_tenant,
        "properties": user.properties,
    }
