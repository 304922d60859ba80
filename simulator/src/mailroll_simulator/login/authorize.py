"""The authorize endpoint: somebody signs in, and the app gets a code."""

from http import HTTPMethod

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.accounts import Account, offered, session_cookie, sign_in, signed_in
from mailroll_simulator.login.callbacks import MODES, Callback, app_of, redirect_uri_of, refused
from mailroll_simulator.login.consents import introduce
from mailroll_simulator.login.directories import tenant_of
from mailroll_simulator.login.html import sign_in_page
from mailroll_simulator.login.store import CODE_LIFE, Code, Store
from mailroll_simulator.login.wire import Fields, LoginRequest, LoginResponse, Trace
from mailroll_simulator.registrations import App
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import guid
from mailroll_simulator.world import World

_PROMPTS = frozenset(("login", "none", "consent", "select_account"))
_METHODS = frozenset(("S256", "plain"))


def authorize(world: World, store: Store, request: LoginRequest, name: str, trace: Trace) -> LoginResponse:
    """Show the sign-in page, or answer the form on it.

    1. tenant, client and redirect URI: what is wrong with them is told on a page
    2. all else that is wrong is told to the app, by a redirect
    3. who is signed in already goes on at once, unless `prompt` or `login_hint` want otherwise
    """
    fields = request.asked
    tenant = tenant_of(world, name)
    app = app_of(world, fields, tenant)
    uri = redirect_uri_of(app, fields)
    mode = fields.get("response_mode") or "query"
    callback = Callback(uri, fields.get("state"), mode if mode in MODES else "query")
    try:
        response = _sign_in(world, store, request, tenant, app, callback)
    except LoginError as error:
        response = callback.send(refused(error, trace))
    response.client_id, response.tenant_id = app.client_id, tenant.id if tenant else None
    return response


def _sign_in(  # noqa: PLR0917 - all it takes to answer
    world: World, store: Store, request: LoginRequest, tenant: Tenant | None, app: App, callback: Callback
) -> LoginResponse:
    fields = request.asked
    _check(fields)
    prompt, hint = fields.get("prompt"), fields.get("login_hint")
    if request.method == HTTPMethod.POST:
        form = request.form
        if form.get("action") == "cancel":
            raise LoginError(65004, "User declined to consent to access the app.", extra={"error_subcode": "cancel"})
        try:
            account = sign_in(world, tenant, form)
        except LoginError as problem:
            return sign_in_page(app, offered(world, tenant), hint=hint, problem=problem)
        response = _give_code(world, store, fields, account, app, callback)
        response.headers["Set-Cookie"] = session_cookie(store.sign_in(account.tenant, account.user))
        return response
    account_here = signed_in(world, store, request, tenant)
    if (
        account_here
        and prompt in {None, "none"}
        and (hint or account_here.user.upn).casefold() == (account_here.user.upn.casefold())
    ):
        return _give_code(world, store, fields, account_here, app, callback)
    if prompt == "none":
        raise LoginError(50058)
    return sign_in_page(app, offered(world, tenant), hint=hint, problem=None)


def _check(fields: Fields) -> None:
    """Refuse what no code can be given for."""
    kind = fields.require("response_type")
    if "id_token" in kind.split() or "token" in kind.split():
        raise LoginError(700054, f"response_type '{kind}' is not enabled for the application.")
    if kind != "code":
        raise LoginError(9002313, f"Invalid request. The response_type '{kind}' is unknown.")
    fields.require("scope")
    if (fields.get("response_mode") or "query") not in MODES:
        raise LoginError(9002313, "Invalid request. The response_mode is unknown.")
    prompt = fields.get("prompt")
    if prompt is not None and prompt not in _PROMPTS:
        raise LoginError(90023, f"The prompt '{prompt}' is not supported.")
    if fields.get("code_challenge") and (fields.get("code_challenge_method") or "plain") not in _METHODS:
        raise LoginError(9002313, "Invalid request. The code_challenge_method is unknown.")


def _give_code(  # noqa: PLR0917 - all it takes to answer
    world: World, store: Store, fields: Fields, account: Account, app: App, callback: Callback
) -> LoginResponse:
    introduce(world, app, account.tenant)
    code = Code(
        client_id=app.client_id,
        redirect_uri=callback.uri,
        tenant_id=account.tenant.id,
        user_id=account.user.id,
        scopes=tuple(dict.fromkeys(fields.require("scope").split())),
        nonce=fields.get("nonce"),
        challenge=fields.get("code_challenge"),
        method=fields.get("code_challenge_method") or "plain",
        expires=world.clock.timestamp() + CODE_LIFE,
    )
    return callback.send({"code": store.add_code(code), "session_state": guid(world.chance)})
