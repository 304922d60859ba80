class ProviderException(Exception): ...

class AuthProcess:
    LOGIN: str
    CONNECT: str
    REDIRECT: str
