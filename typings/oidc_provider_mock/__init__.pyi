from contextlib import AbstractContextManager
from http.server import HTTPServer

def run_server_in_thread(port: int = 0) -> AbstractContextManager[HTTPServer]: ...
