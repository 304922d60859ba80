"""Static addresses from a file: brought, looked through, and taken whole or not at all."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mailroll.accounts import access
from mailroll.console import parameters, scope
from mailroll.console.explanation import ToldFaults
from mailroll.console.statics.forms import FileForm, UploadForm
from mailroll.directory import edit, static_uploads
from mailroll.directory.models import Domain, StaticUpload
from mailroll.directory.sheets.reader import BYTES_MAX
from mailroll.directory.sheets.statics import COLUMNS, POWERSHELL
from mailroll.reconcile.errors import MailrollError

SHOWN = 200
"""Lines and problems on a page; the rest is counted."""


@scope.takes(BYTES_MAX)
@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Take a file in; one that is good waits until somebody has looked through it, of any other nothing is kept."""
    form, refusal = FileForm(), None
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                name = form.cleaned_data["file"].name or "file.csv"
                upload_id = static_uploads.keep(name, form.content(), domain, scope.acting(request))
            except MailrollError as problem:
                refusal = problem
            else:
                return redirect("console:static-upload", domain.name, upload_id)
    return _bring_page(request, domain, form, refusal)


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def uploaded_file(request: HttpRequest, domain: Domain, upload: UUID) -> HttpResponseBase:
    """Show what a file would do, and have it take effect exactly as shown."""
    acting = scope.acting(request)
    waiting_file = static_uploads.waiting(upload, domain, acting)
    if waiting_file is None:
        messages.info(request, "This file is no longer here. Bring it again.")
        return redirect("console:static-import", domain=domain.name)
    if request.method == "GET":
        return _upload_page(request, domain, waiting_file)
    fields = parameters.read(UploadForm(request.POST))
    if fields["do"] == "drop":
        static_uploads.drop(upload, domain)
        messages.success(request, "The file is dropped. Nothing was changed.")
        return redirect("console:statics", domain=domain.name)
    with ToldFaults(request):
        outcome = static_uploads.confirm(upload, fields["digest"], domain, acting)
        sentence = f"{len(outcome.added):,} added, {len(outcome.changed):,} changed. Mail for them is accepted."
        messages.success(request, sentence)
        return redirect("console:statics", domain=domain.name)
    return _upload_page(request, domain, waiting_file, status=409)


def _upload_page(request: HttpRequest, domain: Domain, upload: StaticUpload, status: int = 200) -> HttpResponse:
    try:
        prepared, parsed = static_uploads.preview_file(bytes(upload.content), domain)
    except MailrollError as problem:
        # The list has moved on since it was brought.
        return _bring_page(request, domain, FileForm(), problem)
    context = {
        "domain": domain,
        "upload": upload,
        "prepared": prepared,
        "left_out": parsed.left_out,
        "elsewhere": parsed.elsewhere,
        "added": prepared.added[:SHOWN],
        "changed": prepared.changed[:SHOWN],
        "more": max(0, len(prepared.added) - SHOWN) + max(0, len(prepared.changed) - SHOWN),
    }
    return render(request, "console/statics/upload.html", context, status=status)


def _bring_page(request: HttpRequest, domain: Domain, form: FileForm, refusal: MailrollError | None) -> HttpResponse:
    own = {"domain": domain, "columns": ", ".join(COLUMNS), "powershell": POWERSHELL}
    return brought(request, "console/statics/bring.html", form, refusal, own)


def brought(
    request: HttpRequest, template: str, form: FileForm, refusal: MailrollError | None, own: Mapping[str, object]
) -> HttpResponse:
    """Show the page that takes a file in, with what was wrong with the one just brought."""
    problems: Sequence[edit.LineProblem] = refusal.problems if isinstance(refusal, edit.BadList) else ()
    context = {
        **own,
        "form": form,
        "refusal": refusal,
        "problems": problems[:SHOWN],
        "number": len(problems),
        "more": len(problems[SHOWN:]),
    }
    bad = refusal is not None or form.errors
    return render(request, template, context, status=422 if bad else 200)
