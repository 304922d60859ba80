"""Faults at the token endpoint, in sign-in and in batches; their effects lie where those answers are made."""

from mailroll_simulator.faults.switchboard import Fault, Stage

ID_TOKEN_FORGERIES = (
    "nonce no_nonce audience issuer tenant none hs256 unknown_kid signature expired future no_oid no_tid"
).split()
CALLBACK_FORGERIES = "tenant no_tenant no_state other_state error_with_consent".split()

TOKEN_FAULTS = (
    Fault("throttle_token", "429 at the token endpoint.", Stage.TOKEN, path="*", options={"retry_after": 1}),
    Fault("token_server_error", "5xx at the token endpoint.", Stage.TOKEN, path="*", options={"status": 503}),
    Fault("token_html_page", "200 with HTML at the token endpoint.", Stage.TOKEN, path="*"),
    Fault(
        "token_error",
        "An AADSTS error at the token endpoint: code= 7000215, 7000222, 700016, 90002, 53003 and others.",
        Stage.TOKEN,
        path="*",
        options={"code": 7000222, "claims": None, "suberror": None},
    ),
    Fault("inactive_secret", "Every client secret counts as expired (AADSTS7000222).", Stage.TOKEN, path="*"),
    Fault(
        "token_for_other_tenant",
        "The token is one for another tenant of the simulator (tenant_id=).",
        Stage.TOKEN,
        path="*",
        options={"tenant_id": None},
    ),
    Fault(
        "token_wrong_audience",
        "The token is meant for another resource.",
        Stage.TOKEN,
        path="*",
        options={"audience": "https://outlook.office365.com"},
    ),
    Fault("roleless_token", "Tokens lack the roles that were consented to.", Stage.TOKEN, path="*"),
    Fault("short_lived_token", "Tokens live only so many seconds.", Stage.TOKEN, path="*", options={"seconds": 60}),
)

SIGN_IN_FAULTS = (
    Fault(
        "forged_id_token",
        f"The id token is forged: kind= {', '.join(ID_TOKEN_FORGERIES)}.",
        Stage.SIGN_IN,
        path="*",
        options={"kind": "nonce", "tenant_id": None},
    ),
    Fault(
        "forged_callback",
        f"The admin consent callback is forged: kind= {', '.join(CALLBACK_FORGERIES)}.",
        Stage.SIGN_IN,
        path="*",
        options={"kind": "tenant", "tenant_id": None},
    ),
    Fault(
        "consent_not_granted",
        "Admin consent calls back as a success, but nothing was granted.",
        Stage.SIGN_IN,
        path="*",
    ),
)

BATCH_FAULTS = (
    Fault(
        "batch_inner_throttle",
        "A share of the requests inside a batch is answered 429.",
        Stage.BATCH,
        path="*",
        options={"share": 0.5, "retry_after": 1},
    ),
    Fault(
        "batch_inner_error",
        "A share of the requests inside a batch is answered with status=.",
        Stage.BATCH,
        path="*",
        options={"share": 0.5, "status": 503},
    ),
    Fault(
        "batch_missing_response",
        "A share of the responses of a batch is missing.",
        Stage.BATCH,
        path="*",
        options={"share": 0.5},
    ),
)
