"""The tree of commands: where each one is, and the lines of `mailroll --help`."""

from collections.abc import Callable, Mapping
from typing import Final

from mailroll.cli.branches import Branch, LazyGroup, Leaf

_HELP: Final = "Keeps the list of people a mail gateway protects in step with Microsoft 365."

COMMANDS: Final[Mapping[str, Leaf | Branch]] = {
    "preview": Leaf("runs:preview", "Read the sources of a domain and show what would change."),
    "sync": Leaf("runs:sync", "Read, plan and apply."),
    "apply": Leaf("runs:apply", "Apply the plan that a preview showed, or less: who is still there stays."),
    "release": Leaf("runs:release", "Apply a plan that waits for a person, or less of it: who is still there stays."),
    "discard": Leaf("runs:discard", "Drop a plan that waits."),
    "cancel": Leaf(
        "runs:cancel", "End a run before it applies anything, or before a worker begins it, also for another time."
    ),
    "runs": Leaf("runs:history", "List the runs of a domain, the latest first."),
    "users": Leaf("people:users", "List the users of a domain, retired ones too."),
    "import": Leaf(
        "imports:bring",
        "Compare a CSV file of users with the list, under the same guards as a sync; with --apply carry it out.",
    ),
    "explain": Leaf("people:explain", "Say whether mail for an address is accepted, and why."),
    "lookup": Leaf(
        "people:lookup", "Say what a mail server is told of an address, and all there is to know about that."
    ),
    "serve": Leaf("serve:serve", "Serve the Console and make its runs until stopped."),
    "worker": Leaf("worker:worker", "Make the runs that are asked for and those that are due, until stopped."),
    "web": Leaf("web:web", "Serve the Console until stopped."),
    "doctor": Leaf(
        "doctor.command:doctor",
        "Look at settings, keys, database, clocks, workers, mail, gateways and disk, and say what mends what is wrong.",
        unready="doctor.report:refused",
    ),
    "service": Leaf("service.command:service", "Print or write the units of systemd for this installation."),
    "backup": Leaf("backup:backup", "Write everything into one file, while everybody goes on working."),
    "restore": Leaf("backup:restore", "Bring a backup back into an empty installation."),
    "demo": Leaf(
        "demo:demo",
        "Connect a simulated Microsoft 365 from the command line, then open the Console on another tenant of it.",
        unready="demo:demo",  # it takes none of the settings around it
    ),
    "organization": Branch(
        "Customers, and the providers above them.",
        {
            "add": Leaf("setup:add_organization"),
            "list": Leaf("inventory:organizations"),
            "export": Leaf("customers:export"),
            "erase": Leaf("customers:erase"),
        },
    ),
    "domain": Branch(
        "Mail domains.",
        {
            "add": Leaf("setup:add_domain"),
            "list": Leaf("inventory:domains"),
            "move": Leaf("customers:move"),
            "proof": Leaf("ownership:proof"),
            "prove": Leaf("ownership:prove"),
            "automatic": Leaf("automatic:automatic"),
            "interval": Leaf("automatic:interval"),
            "serving": Leaf("serving:serving"),
            "alias": Branch(
                "Other names that mail of a domain comes under.",
                {
                    "add": Leaf("ownership:add_alias"),
                    "remove": Leaf("ownership:remove_alias"),
                    "list": Leaf("ownership:list_aliases"),
                },
            ),
        },
    ),
    "connection": Branch(
        "Permission to read a tenant.",
        {
            "check": Leaf("setup:check_connection"),
            "set": Leaf("setup:set_connection"),
            "list": Leaf("inventory:connections"),
            "add": Branch("Add a connection.", {"microsoft365": Leaf("setup:add_microsoft365")}),
        },
    ),
    "source": Branch(
        "User Sources of a domain.",
        {
            "add": Leaf("sources:add_source"),
            "list": Leaf("sources:list_sources"),
            "filter": Leaf("sources:filter_source"),
            "set": Leaf("sources:set_source"),
            "switch": Leaf("sources:switch_source"),
            "remove": Leaf("sources:remove_source"),
        },
    ),
    "static": Branch(
        "Addresses that Microsoft 365 does not deliver.",
        {
            "add": Leaf("statics:add"),
            "list": Leaf("statics:everything"),
            "remove": Leaf("statics:remove"),
            "import": Leaf("statics:bring"),
        },
    ),
    "removals": Branch(
        "The switch that stops all removals by syncs and imports.",
        {"pause": Leaf("removals:pause"), "resume": Leaf("removals:resume"), "list": Leaf("removals:listed")},
    ),
    "operator": Branch(
        "Those who sign in to the Console.",
        {
            "add": Leaf("operators:add"),
            "list": Leaf("operators:everybody"),
            "password": Leaf("operators:password"),
            "drop-factors": Leaf("operators:drop_factors"),
            "prove": Leaf("operators:prove"),
            "deactivate": Leaf("operators:deactivate"),
            "activate": Leaf("operators:activate"),
            "remove": Leaf("operators:remove"),
        },
    ),
    "membership": Branch(
        "Roles of operators in organizations.", {"add": Leaf("operators:grant"), "remove": Leaf("operators:revoke")}
    ),
    "token": Branch(
        "What mail gateways and other programs sign in with.",
        {"add": Leaf("tokens:add"), "list": Leaf("tokens:everything"), "revoke": Leaf("tokens:revoke")},
    ),
    "gateway": Branch(
        "What mail gateways read.",
        {
            "compare": Leaf("gateway.compare:compare"),
            "export": Leaf("gateway.export:export"),
            "grant": Leaf("gateway.grant:grant"),
            "verify": Leaf("gateway.verify:verify"),
            "serve": Leaf("gateway.serve:serve"),
            "accept-shrink": Leaf("gateway.export:accept_shrink"),
        },
    ),
    "alerts": Branch(
        "What needs a person.",
        {
            "list": Leaf("alerts:everything"),
            "snooze": Leaf("alerts:snooze"),
            "acknowledge": Leaf("alerts:acknowledge"),
            "reopen": Leaf("alerts:reopen"),
        },
    ),
    "audit": Branch("What people, commands and automatic syncs did.", {"export": Leaf("audit:export")}),
    "keys": Branch(
        "The keys that seal stored secrets.",
        {"check": Leaf("keys:check"), "make": Leaf("keys:make"), "rotate": Leaf("keys:rotate")},
    ),
    "database": Branch(
        "The database.",
        {
            "migrate": Leaf("database:migrate"),
            "recount": Leaf("recount:recount"),
            "stop": Leaf("database:stop"),
        },
    ),
}


def tree(ready: Callable[[], None]) -> LazyGroup:
    """Return the whole command line; `ready` is called before the module of a command is imported."""
    return LazyGroup("mailroll", Branch(_HELP, COMMANDS), ready)
