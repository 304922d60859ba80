from collections.abc import Callable
from typing import TypeVar

_View = TypeVar("_View", bound=Callable[..., object])

def reauthentication_required(*, app: str = ...) -> Callable[[_View], _View]: ...
