from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

def record_authentication(request: HttpRequest, sociallogin: SocialLogin) -> None: ...
