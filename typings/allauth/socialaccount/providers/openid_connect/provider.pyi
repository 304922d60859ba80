from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

class OpenIDConnectProvider:
    oauth2_adapter_class: type[OpenIDConnectOAuth2Adapter]
    def __init__(self, request: HttpRequest, app: SocialApp) -> None: ...
