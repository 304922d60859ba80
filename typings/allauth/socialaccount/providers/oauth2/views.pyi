from collections.abc import Callable

from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpResponseBase

class OAuth2CallbackView:
    @classmethod
    def adapter_view(cls, adapter: OpenIDConnectOAuth2Adapter) -> Callable[..., HttpResponseBase]: ...
