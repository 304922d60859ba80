"""An office with one of everything, and a program that reads it through the simulated Graph."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from urllib.request import Request

from mailroll_simulator import App, Role, Simulator, Tenant
from simulator.tests.entrance import GRAPH_SCOPE, Answer, Client

OFFICE = "cccccccc-3333-4333-8333-333333333333"
EVERYTHING = (
    "User.Read.All",
    "GroupMember.Read.All",
    "Group.Read.All",
    "Member.Read.Hidden",
    "Domain.Read.All",
    "Organization.Read.All",
    "OrgContact.Read.All",
    "MailboxSettings.Read",
    "Place.Read.All",
    "LicenseAssignment.Read.All",
    "RoleManagement.Read.Directory",
)
EVENTUAL = {"ConsistencyLevel": "eventual"}


def office() -> Tenant:
    """Make the tenant: five people, five mailboxes and accounts of other kinds, a group of each kind."""
    tenant = Tenant("Office Ltd", "office.onmicrosoft.com", OFFICE, Random(21))
    tenant.add_domain("office.example", default=True)
    tenant.add_domain("unproved.example", verified=False)
    ada = tenant.add_user("Ada Admin", roles=(Role.GLOBAL_ADMINISTRATOR,), department="Office")
    ben = tenant.add_user(
        "Ben Baker", department="Sales", jobTitle="Seller", companyName="Office Ltd", aliases=("sales@office.example",)
    )
    cara = tenant.add_user("Cara O'Neil", local="cara", department="Sales", accountEnabled=False)
    tenant.add_user("Dan Dry", licence=None)
    tenant.add_user("Eve Flow", licence="FLOW_FREE")
    tenant.add_shared_mailbox("Info", local="info")
    tenant.add_room("Attic", local="attic", capacity=4)
    tenant.add_equipment("Van", local="van")
    tenant.add_guest("Gus Guest", mail="gus@elsewhere.example")
    tenant.add_user("Money Only", local="$money")
    carol = tenant.add_contact("Carol Customer", mail="carol@elsewhere.example", companyName="Elsewhere")
    team = tenant.add_group("Team", kind="microsoft365", local="team", members=(ada, ben))
    lock = tenant.add_group("Lock", kind="security", members=(cara, team))
    tenant.add_group("Alarm", kind="mail_security", local="alarm", members=(ada,))
    tenant.add_group("News", kind="distribution", local="news", members=(ben, carol, lock))
    tenant.add_group(
        "Sellers",
        kind="security",
        members=(ben, cara),
        groupTypes=["DynamicMembership"],
        membershipRule='(user.department -eq "Sales")',
        membershipRuleProcessingState="On",
    )
    tenant.add_group("Secret", kind="microsoft365", local="secret", members=(ada,), visibility="HiddenMembership")
    return tenant


def crowd(count: int) -> Tenant:
    """Make a tenant of people p0, p1 and so on, and nothing else."""
    tenant = Tenant("Crowd", "crowd.onmicrosoft.com", OFFICE, Random(22))
    tenant.add_domain("crowd.example", default=True)
    for number in range(count):
        tenant.add_user(f"Person {number}", local=f"p{number}")
    return tenant


@dataclass(slots=True)
class Graph:
    """A program with a token for one tenant."""

    sim: Simulator
    tenant: Tenant
    app: App
    client: Client
    secret: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def connected(cls, sim: Simulator, tenant: Tenant, *permissions: str) -> "Graph":
        """Register an app, consent to it in the tenant, and sign it in."""
        app = sim.register_app(display_name="Reader", permissions=permissions)
        sim.consent(app, tenant)
        graph = cls(sim, tenant, app, Client(sim.ca_file), app.add_secret())
        graph.sign_in()
        return graph

    def sign_in(self) -> None:
        self.headers["Authorization"] = f"Bearer {self.token()}"

    def token(self) -> str:
        answer = self.client.post(
            f"{self.sim.login_url}/{self.tenant.id}/oauth2/v2.0/token",
            {
                "grant_type": "client_credentials",
                "client_id": self.app.client_id,
                "client_secret": self.secret,
                "scope": GRAPH_SCOPE,
            },
        )
        token: str = answer.json["access_token"]
        return token

    def allowed(self, *permissions: str) -> "Graph":
        """Give another program in the same tenant, with these permissions alone."""
        return Graph.connected(self.sim, self.tenant, *permissions)

    def user(self, local: str) -> str:
        """Give the id of a user of the tenant's own domain."""
        return self.tenant.user(f"{local}@{self.tenant.default_domain}").id

    def group(self, name: str) -> str:
        return next(group.id for group in self.tenant.groups if group.text("displayName") == name)

    # -- requests

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Get a path below /v1.0, or a link as it stands; what a URL cannot hold is encoded."""
        return self.send("GET", path, headers)

    def post(self, path: str, body: object, headers: Mapping[str, str] | None = None) -> Answer:
        asked = {"Content-Type": "application/json"} | dict(headers or {})
        return self.send("POST", path, asked, json.dumps(body).encode())

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        url = path if path.startswith("https:") else f"{self.sim.graph_url}/v1.0{quote(path, safe=_AS_IT_IS)}"
        return self.client.send(Request(url, body, self.headers | dict(headers or {}), method=method))  # noqa: S310

    def refused(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Get a path that is refused: its status and code."""
        return refusal(self.get(path, headers))

    def pages(self, path: str, headers: Mapping[str, str] | None = None) -> Iterator[Answer]:
        """Follow a listing to its end."""
        link: str | None = path
        while link is not None:
            page = self.get(link, headers)
            assert page.status == 200, page.text
            yield page
            link = page.json.get("@odata.nextLink")

    def listed(self, path: str, headers: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        return [item for page in self.pages(path, headers) for item in page.json["value"]]

    def shown(self, path: str, headers: Mapping[str, str] | None = None, *, name: str = "displayName") -> list[Any]:
        """Give one property of all objects of a listing, sorted."""
        return sorted(item[name] for item in self.listed(path, headers))

    def batch(self, *requests: dict[str, Any]) -> Answer:
        return self.post("/$batch", {"requests": list(requests)})


_AS_IT_IS = "/?&=$,:;()'@*!%+\""


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["error"]["code"]


def token_of(link: str) -> str:
    """Give the $skiptoken or $deltatoken of a link."""
    query = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
    return query.get("$skiptoken") or query["$deltatoken"]


ALL = "/users?$select=id,displayName,proxyAddresses&$top=4"


def asked(graph: Graph) -> Answer:
    """Ask for a token, whatever the answer."""
    return graph.client.post(
        f"{graph.sim.login_url}/{OFFICE}/oauth2/v2.0/token",
        {
            "grant_type": "client_credentials",
            "client_id": graph.app.client_id,
            "client_secret": graph.secret,
            "scope": GRAPH_SCOPE,
        },
    )


def on(graph: Graph, name: str, **options: Any) -> None:
    graph.sim.faults.on(name, seed=1, **options)
