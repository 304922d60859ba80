class error(Exception): ...  # noqa: N801 - the library's own name

class Options:
    max_mem: int
    never_capture: bool
    log_errors: bool
    case_sensitive: bool

class _Match: ...

class _Regexp:
    def search(self, text: bytes) -> _Match | None: ...

def compile(pattern: str, options: Options | None = ...) -> _Regexp: ...  # noqa: A001 - the library's own name
