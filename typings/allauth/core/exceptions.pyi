from django.http import HttpResponse

class ImmediateHttpResponse(Exception):
    def __init__(self, response: HttpResponse) -> None: ...
