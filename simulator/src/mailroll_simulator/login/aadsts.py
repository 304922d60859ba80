"""Refusals of the sign-in service by their AADSTS numbers: the OAuth word for each, and a text."""

from collections.abc import Mapping
from http import HTTPStatus

from mailroll_simulator.values import Json

_INVALID_CLIENT = {
    7000215: "Invalid client secret provided. Send the secret's value, not its id.",
    7000222: "The provided client secret keys are expired.",
    7000218: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    700027: "The certificate with identifier used to sign the client assertion is not registered on application.",
    700024: "Client assertion is not within its valid time range.",
    700025: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    700011: "The application was not found in the directory.",
    50048: "Subject must match the issuer claim in the client assertion.",
    65005: "The resource is not listed in the application's registration.",
    650056: "The application is misconfigured: it asks for nothing of the resource.",
    50012: "Authentication failed: the certificate is not usable.",
    50027: "The JWT of the client assertion is invalid or malformed.",
    650051: "Consent action failed: the service principal name is already present for the tenant.",
    650052: "The organization lacks a service principal for the resource.",
    700023: "Client assertion audience claim does not match Realm issuer.",
}
_INVALID_GRANT = {
    65001: "The user or administrator has not consented to use the application.",
    50020: "The user account from another identity provider does not exist in the tenant.",
    50034: "The user account does not exist in the directory.",
    50055: "The password is expired.",
    50057: "The user account is disabled.",
    50105: "The signed-in user is not assigned to a role for the application.",
    50126: "Invalid username or password.",
    50173: "The grant was revoked: the password was changed since.",
    50196: "The server terminated an operation: the client is in a request loop.",
    500112: "The reply address does not match the one of the authorization request.",
    501481: "The Code_Verifier does not match the code_challenge of the authorization request.",
    530032: "Blocked by the tenant's security policy.",
    530034: "A delegated administrator was blocked from access to the tenant.",
    530035: "Blocked by security defaults.",
    54005: "The OAuth2 authorization code was already redeemed. Ask for a new code.",
    700005: "The provided authorization code is intended for another tenant.",
    700082: "The refresh token has expired due to inactivity.",
    70000: "The provided grant is invalid or malformed.",
    70008: "The provided authorization code or refresh token has expired.",
    70043: "The refresh token is expired due to a sign-in frequency check.",
}
_INVALID_REQUEST = {
    90023: "The authentication request property is not supported.",
    50011: "The redirect URI in the request does not match the ones configured for the application.",
    50059: "No tenant-identifying information found in the request.",
    50128: "Invalid domain name: no tenant-identifying information found.",
    900144: "The request body lacks a required parameter.",
    90014: "A required field is missing from the credential.",
    5000224: "We are sorry, this resource is not available.",
    900382: "Confidential client is not supported in cross-cloud requests.",
    90038: "The tenant is not in this cloud.",
    900432: "Confidential client is not supported in cross-cloud requests.",
    900439: "The application is not in this cloud.",
    900561: "The endpoint only accepts POST requests.",
    900971: "No reply address provided.",
    90002: "Tenant not found. Check that you have the correct tenant id and the correct cloud.",
    9001023: "The grant type is not supported over the /common or /consumers endpoints.",
    9002313: "Invalid request. The request is malformed or invalid.",
}
_INTERACTION_REQUIRED = {
    16000: "The account does not exist in the tenant; another one has to be selected.",
    16003: "The account has not been added to the tenant.",
    50072: "Multi-factor authentication has to be set up.",
    50074: "Strong authentication is required.",
    50076: "Multi-factor authentication is required by a change of configuration.",
    50079: "Multi-factor authentication has to be set up.",
    50158: "An external security challenge was not satisfied.",
    53000: "The device is not compliant.",
    53001: "The device is not joined to the domain.",
    53002: "The application is not an approved one.",
    53003: "Access has been blocked by Conditional Access policies.",
    53004: "The user needs to complete a proof-up because of risk.",
}
_ACCESS_DENIED = {
    65004: "The resource owner or authorization server denied the request.",
    90093: "The directory refused the consent of this user.",
    90094: "An administrator has to consent: the application asks for permissions that only they can grant.",
    90095: "An administrator has to approve the request.",
    90099: "The application is not yet authorized in the tenant.",
    500021: "Access to the tenant is denied by tenant restrictions.",
    500212: "Access is denied by the outbound access policy of the user's tenant.",
    500213: "Access is denied by the inbound access policy of the tenant.",
}
_TEMPORARILY_UNAVAILABLE = {
    50033: "A transient error has occurred. Please try again.",
    50087: "A transient error has occurred during signout. Please try again.",
    90006: "The external server could not be asked.",
    90012: "The request has timed out.",
    90024: "The request budget is exceeded; a transient error.",
    90033: "A transient error has occurred. Please try again.",
    90055: "Too many requests from this tenant.",
    90090: "The directory service failed; a transient error.",
    90091: "The directory service could not be reached.",
}
_UNAUTHORIZED_CLIENT = {
    50194: "The application is not configured as a multi-tenant application.",
    700016: "The application was not found in the directory. It was not installed or consented to in the tenant.",
    7000112: "The application is disabled.",
    7000229: "The client application is missing its service principal in the tenant.",
    70001: "The application was not found in the directory.",
}
_INVALID_SCOPE = {
    1002012: "The scope is not valid: client credential flows need a scope with /.default suffixed to the resource.",
    28002: "The scope is not valid for the resource.",
    70011: "The provided value for the input parameter 'scope' is not valid.",
    700022: "The scope names more than one resource.",
}
_OTHERS = {
    50058: ("login_required", "A silent sign-in request was sent but no user is signed in."),
    50001: ("invalid_resource", "The resource is disabled or does not exist."),
    500011: ("invalid_resource", "The resource principal was not found in the tenant."),
    500014: ("invalid_resource", "The service principal for the resource is disabled, or a subscription lapsed."),
    650054: ("invalid_resource", "The application asked for a resource that was removed or is no longer available."),
    650057: ("invalid_resource", "The resource is not listed in the application's registration."),
    70003: ("unsupported_grant_type", "The application requested an unsupported grant type."),
    700054: ("unsupported_response_type", "response_type 'id_token' is not enabled for the application."),
}
REFUSALS: dict[int, tuple[str, str]] = {
    **{
        code: (word, text)
        for word, texts in (
            ("invalid_client", _INVALID_CLIENT),
            ("invalid_grant", _INVALID_GRANT),
            ("invalid_request", _INVALID_REQUEST),
            ("interaction_required", _INTERACTION_REQUIRED),
            ("access_denied", _ACCESS_DENIED),
            ("temporarily_unavailable", _TEMPORARILY_UNAVAILABLE),
            ("unauthorized_client", _UNAUTHORIZED_CLIENT),
            ("invalid_scope", _INVALID_SCOPE),
        )
        for code, text in texts.items()
    },
    **_OTHERS,
}


class LoginError(Exception):
    """A refusal: its AADSTS number, a text where the usual one would say too little, and further fields."""

    def __init__(
        self,
        code: int,
        text: str | None = None,
        *,
        word: str | None = None,
        extra: Mapping[str, Json] | None = None,
    ) -> None:
        usual_word, usual_text = REFUSALS.get(code, ("invalid_request", "The request was refused."))
        self.code = code
        self.word = word or usual_word
        self.text = text or usual_text
        self.extra = dict(extra or {})
        self.fault: str | None = None  # the fault that it comes of, for the log
        super().__init__(f"AADSTS{code}: {self.text}")

    @property
    def status(self) -> int:
        return HTTPStatus.UNAUTHORIZED if self.word == "invalid_client" else HTTPStatus.BAD_REQUEST
