"""The console's pages of the corpus: the list with its standing, forms to write and to upload, a document's chunks."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from companion.kernel.errors import CompanionError
from personas.corpus import files, indexes, selectors, services
from personas.corpus.failures import SENTENCES
from personas.corpus.models import Document
from tenancy.console.access import Access, access_of
from tenancy.console.admin import ARTIST_FIELD
from tenancy.console.forms import ConsoleForm
from tenancy.console.steps import Step, StepAdmin
from tenancy.roles import Capability

STATES = {"uploaded": "info", "parsing": "info", "embedding": "warning", "ready": "success", "failed": "danger"}
WHAT = ("kind", "title", "source", "licence_note", "language")
WHO = ("embargo_until", "minimum_tier", "active")


class DocumentForm(ConsoleForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "text" in self.fields and not cleaned.get("text", "").strip() and "text" not in self.errors:
            self.add_error("text", services.NOTHING_WRITTEN)
        return cleaned


class UploadForm(ConsoleForm):
    field_order = ("file",)  # it is what one came for, and what is most often refused
    file = forms.FileField(
        help_text=f"{files.TAKEN} Up to {files.LARGEST // 2**20} MB.",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ",".join(f".{name}" for name in files.TYPES)}),
    )

    class Meta:
        model = Document
        fields = (*WHAT, *WHO)


def _ask_again(document: Document) -> str:
    return f"{SENTENCES.get(document.failure, '')} Try again with the same file?"


def _try_again(access: Access, document: Document) -> str:
    services.try_again(access.artist, document, actor=access.actor)
    return f"“{document.title}” is tried again."


class DocumentAdmin(StepAdmin):
    read = Capability.READ_PERSONA
    write = Capability.EDIT_PERSONA
    verbs = frozenset({"add", "change", "delete"})
    form = DocumentForm
    list_display = ("title", "kind", "told_state", "active", "embargo_until", "minimum_tier", "changed_at")
    list_filter = ("kind", "state", "active")
    search_fields = ("title", "source")
    list_before_template = "console/corpus_head.html"
    change_form_outer_before_template = "console/corpus_document.html"
    change_form_outer_after_template = "console/corpus_chunks.html"
    readonly_fields = ("how_far", "file", "changed_at")
    steps = (Step("retry", "Try again", _ask_again, _try_again),)

    def get_fieldsets(self, request: HttpRequest, obj: Document | None = None) -> Any:
        """An upload has no text of its own here; its chunks stand below."""
        text = () if obj and obj.is_upload else ("text",)
        told = ("how_far", "file", "changed_at") if obj and obj.is_upload else ("how_far", "changed_at")
        parts = [(None, {"fields": (*WHAT[:2], *text, *WHAT[2:])}), ("Who hears of it", {"fields": WHO})]
        return [*parts, ("How it stands", {"fields": told})] if obj else parts

    def makes_sense(self, step: Step, row: Document) -> bool:
        return services.can_try_again(row)

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            *super().get_custom_urls(),
            ("upload/", "personas_document_upload", self.upload_view),
            ("rebuild/", "personas_document_rebuild", self.rebuild_view),
            ("standing/", "personas_document_standing", self.standing_view),
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        own: dict[str, Any] = {"may_edit": self.has_add_permission(request)}
        if self.has_view_permission(request):
            own |= {"standing": selectors.standing()}
        return super().changelist_view(request, own | (extra_context or {}))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """How far each is embedded is counted once for the page, not once a row."""
        page = super().get_changelist_instance(request)
        rows = list(page.result_list)
        counts = selectors.embedded_counts([row.pk for row in rows if row.state == Document.State.EMBEDDING])
        for row in rows:
            row.console_embedded = counts.get(row.pk, 0)
        page.result_list = rows
        return page

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        document = kwargs.get("obj")
        if document is not None:
            context["chunks"] = selectors.chunks_page(document, request.GET.get("chunks", 1))
            context["failure"] = SENTENCES.get(document.failure, "")
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description="state", label=STATES)  # type: ignore[untyped-decorator]  # unfold ships no types
    def told_state(self, document: Document) -> tuple[str, str]:
        done = getattr(document, "console_embedded", None)
        if document.state == Document.State.EMBEDDING and done is not None and document.chunk_count:
            return document.state, f"embedding, {100 * done // document.chunk_count} %"
        return document.state, document.state

    @display(description="state")  # type: ignore[untyped-decorator]  # unfold ships no types
    def how_far(self, document: Document) -> str:
        done = selectors.embedded_counts([document.pk]).get(document.pk, 0)
        return f"{document.get_state_display()}, {done} of {document.chunk_count} chunks embedded"

    @display(description="file")  # type: ignore[untyped-decorator]  # unfold ships no types
    def file(self, document: Document) -> str:
        return f"{document.file_name}, {document.file_size / 1024:,.0f} KB, SHA-256 {document.file_sha256}"

    def write_row(self, access: Access, obj: Document, form: Any) -> None:
        services.write_document(access.artist, obj, actor=access.actor)

    def remove_row(self, access: Access, obj: Document) -> None:
        services.remove_document(access.artist, obj, actor=access.actor)

    def upload_view(self, request: HttpRequest, model_admin: object) -> HttpResponseBase:
        """GET shows the form, POST takes the file in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        return self._guarded(request, lambda: self._upload(request))

    def _upload(self, request: HttpRequest) -> HttpResponse:
        kind = self.get_form(request, form=UploadForm, fields=UploadForm.Meta.fields)
        form, status = kind(request.POST or None, request.FILES or None), 200
        form.fields["title"].required = False
        form.fields["title"].help_text = "empty: the file's name"
        if request.method == "POST":
            try:
                if form.is_valid():
                    return self._uploaded(request, form)
                status = 422
            except CompanionError as refusal:
                form.add_error("file", refusal.detail)
                status = refusal.status
        frame = self.admin_site.each_context(request)
        context = frame | {"title": "Upload a document", "opts": self.opts, "form": form}
        return TemplateResponse(request, "console/corpus_upload.html", context, status=status)

    def _uploaded(self, request: HttpRequest, form: Any) -> HttpResponse:
        access, document = access_of(request), form.save(commit=False)
        services.upload_document(access.artist, document, form.cleaned_data["file"], actor=access.actor)
        messages.success(request, f"“{document.title}” is uploaded, and is read now.")
        return HttpResponseRedirect(reverse("admin:personas_document_change", args=[document.pk]))

    def rebuild_view(self, request: HttpRequest, model_admin: object) -> HttpResponseBase:
        """Embeds everything anew; what serves goes on serving until that is done."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if request.POST.get(ARTIST_FIELD) != str(access_of(request).artist):
            messages.error(request, "Another artist was chosen since this page was opened. Nothing was begun.")
            return HttpResponseRedirect(reverse("admin:index"))
        try:
            indexes.begin_rebuild(access_of(request).artist, actor=access_of(request).actor)
            messages.success(request, "The corpus is embedded anew; until that is done the old index answers.")
        except CompanionError as refusal:
            messages.error(request, refusal.detail)
        return HttpResponseRedirect(reverse("admin:personas_document_changelist"))

    def standing_view(self, request: HttpRequest, model_admin: object) -> HttpResponse:
        """The banner alone, while something moves."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return TemplateResponse(request, "console/corpus_standing.html", {"standing": selectors.standing()})
