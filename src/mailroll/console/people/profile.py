"""An operator's own account: name, time zone, and the ways to what keeps it safe."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mailroll.accounts import identities, operators, second_factor
from mailroll.console import scope
from mailroll.console.explanation import ShownFaults
from mailroll.console.people.forms import ProfileForm


@scope.signed_in
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    operator = scope.operator(request)
    form = ProfileForm(request.POST or None, initial={"name": operator.name, "time_zone": operator.time_zone})
    if form.is_valid():
        with ShownFaults(form):
            operators.settle(operator, scope.acting(request), **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("console:profile")
    context = {
        "form": form,
        "who": operator,
        "memberships": operator.memberships.select_related("organization").order_by("organization__name"),
        "identity": identities.identity_of(operator),
        "second_factor": second_factor.present(operator),
    }
    return render(request, "console/people/profile.html", context, status=422 if form.errors else 200)
