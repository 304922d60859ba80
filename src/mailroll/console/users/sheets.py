"""Users as a CSV file: taken along, and brought as a run that a person looks through first."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from mailroll.accounts import access
from mailroll.audit.notes import note
from mailroll.console import scope, stream
from mailroll.console.statics.files import brought
from mailroll.console.statics.forms import FileForm
from mailroll.directory import queries
from mailroll.directory.models import Domain
from mailroll.directory.sheets import users as sheet
from mailroll.directory.sheets.reader import BYTES_MAX
from mailroll.reconcile.errors import MailrollError
from mailroll.reconcile.imports import Missing
from mailroll.reconcile.model import Kind
from mailroll.sync import imports
from mailroll.sync.models import RunState


class UsersForm(FileForm):
    """A file of users, and what becomes of those made by hand that it lacks."""

    missing = forms.ChoiceField(
        label="Users made by hand that the file lacks",
        choices=[(Missing.STAYS.value, "stay as they are"), (Missing.RETIRES.value, "retire: the file replaces them")],
        initial=Missing.STAYS.value,
        required=False,
    )


@scope.on_domain(access.may_view)
@require_GET
def export(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    with transaction.atomic():
        note(scope.acting(request), "users.exported", domain)
    name = f"users-{domain.name}-{timezone.now():%Y%m%d-%H%M}.csv"
    return stream.as_file(request, sheet.lines(queries.users(domain)), name)


@scope.takes(BYTES_MAX)
@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Compare a file with the list, and lead to the run; where anything is wrong with the file there is none."""
    form, refusal = UsersForm(), None
    if request.method == "POST":
        form = UsersForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                missing = Missing(form.cleaned_data["missing"] or Missing.STAYS)
                run = imports.preview(form.content(), missing, domain, scope.acting(request))
            except MailrollError as problem:
                refusal = problem
            else:
                if run.state == RunState.UNCHANGED:
                    messages.info(request, "The file says what is in the list already.")
                return redirect("console:run", domain.name, run.id)
    own = {"domain": domain, "columns": ", ".join(sheet.COLUMNS), "kinds": ", ".join(kind.value for kind in Kind)}
    return brought(request, "console/users/import.html", form, refusal, own)
