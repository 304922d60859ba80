"""The editor of a source's filter: drafts that are shown again, saved filters, files in and out, live counts."""

import json
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mailroll.accounts import access
from mailroll.connections import filters, sources
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.console import parameters, scope
from mailroll.console.explanation import tell_error
from mailroll.console.filters import draft as drafts
from mailroll.console.filters import page
from mailroll.console.filters.draft import Draft
from mailroll.console.filters.forms import EditorButton, FilterText, SourceSwitches
from mailroll.reconcile.errors import BadFilter, BadInput, FilterProblem
from mailroll.reconcile.filters.model import RuleGroup
from mailroll.reconcile.filters.parser import Json, to_json
from mailroll.sync import tasks
from mailroll.sync.models import Trigger
from mailroll.sync.runs import ask
from mailroll.sync.samples import counts as look
from mailroll.sync.schedules import schedule

UNPROCESSABLE = 422
_FORM_MAX = 3 * filters.TEXT_MAX
"""Text in a form takes up to three bytes for each of its own."""
_ROOTS = (("all", "all groups below say yes"), ("any", "any group below says yes"))


@dataclass(frozen=True, slots=True)
class SwitchWords:
    """What a switch of a source is called, and what it means for mail."""

    switch: SourceSwitch
    words: str
    hint: str


_SWITCHES = (
    SwitchWords(
        SourceSwitch.GROUPS,
        "Groups",
        "Distribution lists, mail-enabled security groups, Microsoft 365 groups. Left out, mail to them is refused.",
    ),
    SwitchWords(
        SourceSwitch.CONTACTS,
        "Contacts",
        "Contacts with an address in the domain, whose mail goes on to somewhere else.",
    ),
    SwitchWords(
        SourceSwitch.GUESTS,
        "Guests",
        "People of other firms with an address in the domain. The filter judges them like everybody else.",
    ),
)


@dataclass(frozen=True, slots=True)
class EditorAnswer:
    """What a press of a button leads to: a draft to show, with what is to be said of it."""

    draft: Draft
    told: bool = False
    refused: str = ""
    focus: int | None = None
    pasted: str = ""
    problems: tuple[FilterProblem, ...] = ()


@scope.takes(_FORM_MAX)
@scope.on_source(access.may_edit)
@require_http_methods(["GET", "POST"])
def editor(request: HttpRequest, source: Source) -> HttpResponse:
    if request.method == "GET":
        return _show(request, source, _saved_answer(source))
    button = EditorButton(request.POST)
    if button.does == "import":
        return _show(request, source, _imported(request, source))
    try:
        draft = drafts.of_form(request.POST)
        answer = _pressed(draft, button)
    except BadInput as error:
        tell_error(request, error)
        return redirect("console:source-filters", source.domain.path, source.owner_id)
    if button.does == "read":
        look.read_again(source, _checked(source, answer).countable, scope.acting(request))
    if button.does not in {"save", "preview"}:
        return _show(request, source, answer)
    checked = page.check(draft, filters.attributes(source))
    if checked.group is None:
        return _show(request, source, replace(answer, told=True, refused="Nothing was saved."))
    schedule.save_filter(source, drafts.simplest(checked.group), scope.acting(request))
    if button.does == "preview":
        run = ask.for_run(source.domain, Trigger.PREVIEW, scope.acting(request))
        return redirect("console:run", source.domain.path, run)
    messages.success(request, "Saved. Automatic sync removes nobody until somebody sees a preview, or syncs by hand.")
    return redirect("console:source-filters", source.domain.path, source.owner_id)


@scope.takes(_FORM_MAX)
@scope.on_source(access.may_edit)
@require_POST
def count(request: HttpRequest, source: Source) -> HttpResponse:
    """Answer with the parts of the page that a count changes."""
    try:
        answer = EditorAnswer(drafts.of_form(request.POST), told=True)
    except BadInput as error:
        return HttpResponse(str(error), status=UNPROCESSABLE, content_type="text/plain")
    counts = look.while_writing(source, _checked(source, answer).countable, scope.acting(request))
    return render(request, "console/filters/live.html", _context(source, answer, counts))


@scope.on_source(access.may_edit)
@require_GET
def export(request: HttpRequest, source: Source) -> HttpResponse:  # noqa: ARG001 - a view
    name = f"filter-{slugify(source.owner.label) or 'source'}.json"
    try:
        document = filters.export(source)
    except BadFilter:
        document = source.filter
    return JsonResponse(
        document,
        safe=False,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@scope.on_source(access.may_edit)
@require_POST
def takes(request: HttpRequest, source: Source) -> HttpResponse:
    """Set what a source takes besides the people that its filter judges."""
    fields = parameters.read(SourceSwitches(tuple(words.switch for words in _SWITCHES), request.POST))
    for words in _SWITCHES:
        sources.set_switch(source, words.switch, scope.acting(request), on=fields[words.switch])
    messages.success(request, "Saved. It takes effect at the next run; look at a preview first.")
    return redirect("console:source-filters", source.domain.path, source.owner_id)


def _pressed(draft: Draft, button: EditorButton) -> EditorAnswer:
    """Carry out a button that changes the draft; any other one shows it again."""
    number = button.line if button.line is not None and button.line < len(draft.nodes) else None
    match button.does:
        case "rule" if number is not None:
            changed, at = draft.with_rule(number)
            return EditorAnswer(changed, focus=at)
        case "group":
            changed, at = draft.with_group(number)
            return EditorAnswer(changed, focus=at)
        case "remove" if number is not None:
            return EditorAnswer(draft.without(number))
        case _:
            return EditorAnswer(draft, told=True)


def _saved_answer(source: Source) -> EditorAnswer:
    try:
        return EditorAnswer(drafts.of_group(filters.read(source)))
    except BadFilter as bad:
        # What was saved under fields that there are no more.
        draft = drafts.of_json(source.filter)
        return EditorAnswer(
            draft or Draft(), told=True, refused="The saved filter cannot be used.", problems=bad.problems
        )


def _imported(request: HttpRequest, source: Source) -> EditorAnswer:
    """Put a file, or what was pasted, into the editor. What cannot be shown there leaves it as it is."""
    text = FilterText(request.POST, request.FILES)
    refused = "Nothing was imported."
    try:
        group = filters.load(source, text.content)
    except BadFilter as bad:
        draft = drafts.of_json(json.loads(text.content.decode("utf-8-sig"))) if bad.problems else None
        if draft is not None:
            return EditorAnswer(draft, told=True, refused="Nothing is saved yet: this has to be mended first.")
        problems = bad.problems or (FilterProblem("", bad.code, f"{bad.message} {bad.help}"),)
        return replace(
            _saved_answer(source), told=True, refused=refused, pasted=text.pasted[:100_000], problems=problems
        )
    messages.info(request, "Imported into the editor. Nothing is saved yet.")
    return EditorAnswer(drafts.of_group(group))


def _show(request: HttpRequest, source: Source, answer: EditorAnswer) -> HttpResponse:
    status = UNPROCESSABLE if answer.refused and request.method == "POST" else 200
    acting = scope.acting(request)
    counts = look.count_live(source, _checked(source, answer).countable, acting)
    choices = page.choices(filters.attributes(source), look.offers(source, acting))
    switches = [(words, bool(getattr(source, words.switch))) for words in _SWITCHES]
    context = _context(source, answer, counts) | {"choices": choices, "switches": switches}
    return render(request, "console/filters/filters.html", context, status=status)


def _checked(source: Source, answer: EditorAnswer) -> page.CheckedDraft:
    return page.check(answer.draft, filters.attributes(source))


def _context(source: Source, answer: EditorAnswer, counts: look.LiveCounts) -> dict[str, object]:
    attributes = filters.attributes(source)
    checked = _checked(source, answer)
    draft_problems = checked.problems if answer.refused else checked.problems_so_far if answer.told else ()
    problems = (*draft_problems, *page.missing_groups(checked, counts.unknown))
    boxes = page.boxes(checked, attributes, problems, counts.counted, focus=answer.focus)
    loose = tuple((None, "", problem) for problem in answer.problems)
    return {
        "domain": source.domain,
        "source": source,
        "changed": checked.group is None or _filter_json(checked.group) != source.filter,
        "boxes": boxes,
        "lines": list(page.lines(boxes)),
        "joins": page.JOINS,
        "roots": _ROOTS,
        "root": answer.draft.join.value,
        "problems": (draft_problems or loose) if answer.refused else (),
        "refused": answer.refused,
        "pasted": answer.pasted,
        "counts": counts,
        "counted": counts.counted,
        "staffed": not counts.asked or tasks.staffed(),
        "drops_shared": page.drops_shared(checked.countable),
    }


def _filter_json(group: RuleGroup) -> Json:
    return to_json(drafts.simplest(group)) if group.members else None
