"""Our stylesheets, scripts and pictures, in one piece: Django warns of files that are streamed under ASGI."""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class OwnFiles(WhiteNoiseMiddleware):
    """They are small and few, so each is read whole."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        response = HttpResponse(content, status=int(found.status))
        # Django's own guess of the type gives way to the headers of the file.
        del response.headers["Content-Type"]
        for name, value in found.headers:
            response.headers[name] = value
        return response
