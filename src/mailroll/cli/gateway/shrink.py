"""The command that stands for what is missing in the roll."""

from mailroll.cli.output import Output, acting, answers
from mailroll.gateway import losses


@answers
def accept_shrink(domain: str) -> Output:
    """Let gateways refuse what vanished from a domain although no run and no edit accounts for it."""
    gone = losses.accept(domain, acting())
    return Output({"domain": gone.name, "count": gone.count}, f"{gone.count} addresses of {gone.name} are let go.")
