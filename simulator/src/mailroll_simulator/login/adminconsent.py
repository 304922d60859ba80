"""The admin consent endpoints: an administrator grants an app what its registration asks for."""

from http import HTTPMethod
from urllib.parse import urlencode

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.accounts import Account, offered, session_cookie, sign_in, signed_in
from mailroll_simulator.login.callbacks import Callback, app_of, redirect_uri_of, refused
from mailroll_simulator.login.consents import grant
from mailroll_simulator.login.directories import CONSUMERS, tenant_of
from mailroll_simulator.login.forgeries import forged_callback
from mailroll_simulator.login.html import approval_page, consent_page
from mailroll_simulator.login.store import Store
from mailroll_simulator.login.user_tokens import OIDC_SCOPES
from mailroll_simulator.login.wire import Fields, LoginRequest, LoginResponse, Trace
from mailroll_simulator.registrations import App
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.tokens import GRAPH
from mailroll_simulator.world import World

_DECLINED = 65004


class AdminConsent:
    """One request for consent, of either version; the older one has no scope and another word for a refusal."""

    def __init__(self, world: World, store: Store, *, delay: float, older: bool = False) -> None:
        self.world = world
        self.store = store
        self.delay = delay
        self.older = older

    def answer(self, request: LoginRequest, name: str, trace: Trace) -> LoginResponse:
        """Show the page, or answer the form on it.

        1. tenant, client and redirect URI: what is wrong with them is told on a page
        2. all else that is wrong is told to the app, by a redirect
        """
        fields = request.asked
        if name.lower() in CONSUMERS or (name.lower() == "common" and not self.older):
            raise LoginError(9001023, f"Admin consent is not supported over the /{name} endpoint.")
        tenant = tenant_of(self.world, name)
        app = app_of(self.world, fields, tenant)
        callback = Callback(redirect_uri_of(app, fields), fields.get("state"))
        try:
            response = self._ask(request, fields, tenant, app, callback)
        except LoginError as error:
            if self.older and error.code == _DECLINED:
                error.word = "permission_denied"
            response = callback.send(refused(error, trace) | {"admin_consent": "True"})
        response.client_id, response.tenant_id = app.client_id, tenant.id if tenant else None
        return response

    def _ask(
        self, request: LoginRequest, fields: Fields, tenant: Tenant | None, app: App, callback: Callback
    ) -> LoginResponse:
        if not self.older:
            self._check_scope(fields.require("scope"))
        hint, here = fields.get("login_hint"), None
        if fields.get("prompt") not in {"login", "select_account"}:
            here = signed_in(self.world, self.store, request, tenant)
        problem = None
        if request.method == HTTPMethod.POST:
            form = request.form
            if form.get("action") == "cancel":
                raise LoginError(
                    _DECLINED, "The admin declined to consent to access the app.", extra={"error_subcode": "cancel"}
                )
            fresh = form.get("password") is not None
            try:
                account = sign_in(self.world, tenant, form) if fresh or here is None else here
            except LoginError as error:
                problem = error
            else:
                response = self._decide(request, account, app, callback)
                if account is not here:
                    response.headers["Set-Cookie"] = session_cookie(self.store.sign_in(account.tenant, account.user))
                return response
        return consent_page(
            app,
            offered(self.world, tenant),
            signed_in=here,
            another=_another(request),
            hint=hint,
            problem=problem,
        )

    def _check_scope(self, scope: str) -> None:
        asked = set(scope.split()) - OIDC_SCOPES
        if asked not in ({f"{GRAPH}/.default"}, {f"{self.world.graph_url}/.default"}):
            raise LoginError(
                70011,
                f"The provided value for the input parameter 'scope' is not valid. Application permissions are granted "
                f"by {GRAPH}/.default, and by it alone. Scope: {scope}",
            )

    def _decide(self, request: LoginRequest, account: Account, app: App, callback: Callback) -> LoginResponse:
        """Grant, or not, and send the administrator back; faults make either go wrong."""
        tenant, faults = account.tenant, self.world.faults
        if not account.consents:
            denied = {
                "error": "access_denied",
                "error_description": "AADSTS90094: An administrator has to consent.",
                "error_subcode": "cancel",
                "admin_consent": "True",
            }
            return approval_page(app, account, back=callback.link(denied), another=_another(request))
        parameters = {"admin_consent": "True", "tenant": tenant.id}
        if not self.older:
            parameters["scope"] = " ".join(f"{GRAPH}/{permission}" for permission in app.permissions)
        withheld = faults.take("consent_not_granted", tenant=tenant.id)
        forged = faults.take("forged_callback", tenant=tenant.id)
        if withheld is None and (forged is None or forged["kind"] != "error_with_consent"):
            grant(self.world, app, tenant, delay=self.delay)
        if forged is None:
            response = callback.send(parameters)
        else:
            whole = parameters | ({} if callback.state is None else {"state": callback.state})
            told = forged_callback(self.world, whole, forged, tenant.id)
            response = Callback(callback.uri, None).send(told)
        struck = forged or withheld
        response.fault = struck.name if struck else None
        return response


def _another(request: LoginRequest) -> str:
    """Give a link to the same page that asks who is there."""
    kept = [(name, value) for name, value in request.query if name not in {"prompt", "login_hint"}]
    return f"?{urlencode([*kept, ('prompt', 'select_account')])}"
