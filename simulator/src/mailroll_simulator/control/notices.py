"""The levers of notifications: who can be reached, what is told, and when."""

from pathlib import Path

from mailroll_simulator.control.routes import Call, Route
from mailroll_simulator.values import Json


def _reach(call: Call) -> Json:
    body, internet = call.only("port", "ca_file"), call.world.notices.internet
    internet.ports[call.path["host"].lower()] = int(call.need("port"))
    if "ca_file" in body:
        internet.ca_file = Path(str(body["ca_file"]))
    return {"ports": internet.ports}


def _subscriptions(call: Call) -> Json:
    return {"subscriptions": [one.as_json() for one in call.world.notices.living()]}


def _deliver(call: Call) -> Json:
    sent = call.world.notices.deliver()
    return {"sent": [{"url": one.url, "status": one.status} for one in sent]}


def _happen(call: Call) -> Json:
    call.world.notices.happen(call.path["event"], call.path["subscription"])
    return None


NOTICES = (
    Route("PUT", "/internet/{host}", "let Graph reach a host, on this machine: {port, ca_file}", _reach),
    Route("GET", "/subscriptions", "who wants to be told of changes", _subscriptions),
    Route("POST", "/notifications", "send what waits to be told", _deliver),
    Route(
        "POST",
        "/subscriptions/{subscription}/{event}",
        "have reauthorizationRequired, subscriptionRemoved or missed told with what is sent next",
        _happen,
    ),
)
