"""The console's pages of the artist, her fans, her team and the kill switches."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminURLInputWidget,
)

from tenancy import services
from tenancy.console import switches
from tenancy.console.access import Access, access_of
from tenancy.console.admin import ReadOnlyAdmin, TenantModelAdmin
from tenancy.console.forms import ConsoleForm, reason_field
from tenancy.console.people import names_of
from tenancy.console.switches import SetSwitchForm
from tenancy.models import Artist, Fan, KillSwitch, StaffRole
from tenancy.roles import Capability


class ArtistForm(ConsoleForm):
    portrait_url = forms.URLField(required=False, assume_scheme="https", widget=UnfoldAdminURLInputWidget)


class ArtistAdmin(TenantModelAdmin):
    form = ArtistForm
    read = Capability.READ_PERSONA
    write = Capability.CONTROL
    verbs = frozenset({"change"})
    list_display = ("name", "slug", "status", "minimum_age", "licensed_by")
    fields = (
        "slug",
        "name",
        "tagline",
        "pronoun",
        "licensed_by",
        "minimum_age",
        "accent_hue",
        "portrait_url",
        "status",
        "created_at",
    )
    readonly_fields = ("slug", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artist]:
        """Her own row alone: everybody may read every artist's public face, but not here."""
        rows: QuerySet[Artist] = super().get_queryset(request).filter(pk=access_of(request).artist)
        return rows

    def write_row(self, access: Access, obj: Artist, form: Any) -> None:
        services.change_artist(obj, actor=access.actor)


class SanctionForm(ConsoleForm):
    reason = reason_field("Why; kept in the audit log under the fan's own key.")

    class Meta:
        model = Fan
        fields = ("sanction", "sanction_until")


class FanAdmin(TenantModelAdmin):
    read = Capability.READ_CONVERSATIONS
    write = Capability.MANAGE_FANS
    verbs = frozenset({"change"})
    form = SanctionForm
    list_display = ("email", "joined_at", "sanction", "sanction_until")
    list_filter = ("sanction",)
    list_select_related = ("user",)
    search_fields = ("user__email__startswith",)  # from its beginning: a hundred thousand addresses have an index
    search_help_text = "The beginning of an e-mail address"
    ordering = ("-joined_at", "-id")
    fields = ("email", "name", "joined_at", "sanction", "sanction_until", "reason")
    readonly_fields = ("email", "name", "joined_at")

    def get_fields(self, request: HttpRequest, obj: Fan | None = None) -> tuple[str, ...]:
        if self.has_change_permission(request, obj):
            return self.fields
        return tuple(name for name in self.fields if name != "reason")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Addresses are kept in lower case."""
        return super().get_search_results(request, queryset, search_term.strip().lower())

    @admin.display(description="e-mail")
    def email(self, fan: Fan) -> str:
        return fan.user.email

    @admin.display(description="name")
    def name(self, fan: Fan) -> str:
        return fan.user.name or "not given"

    def write_row(self, access: Access, obj: Fan, form: Any) -> None:
        services.change_sanction(
            obj, obj.sanction, obj.sanction_until, reason=form.cleaned_data["reason"], actor=access.actor
        )


class NewMemberForm(ConsoleForm):
    email = forms.EmailField(label="E-mail", widget=UnfoldAdminEmailInputWidget())
    first_password = forms.CharField(
        required=False,
        help_text="Only for someone who has no login yet.",
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = StaffRole
        fields = ("role",)


class StaffRoleAdmin(TenantModelAdmin):
    read = Capability.MANAGE_STAFF
    write = Capability.MANAGE_STAFF
    verbs = frozenset({"add", "change", "delete"})
    list_display = ("member", "role")
    list_select_related = ("user",)
    ordering = ("user__email",)
    add_fieldsets = ((None, {"fields": ("email", "role", "first_password")}),)
    fields = ("member", "role")
    readonly_fields = ("member",)

    def get_form(self, request: HttpRequest, obj: StaffRole | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs |= {"form": NewMemberForm, "fields": ("role",)}
        return super().get_form(request, obj, change, **kwargs)

    @admin.display(description="member", ordering="user__email")
    def member(self, assigned: StaffRole) -> str:
        return assigned.user.email

    def write_row(self, access: Access, obj: StaffRole, form: Any) -> None:
        if not isinstance(form, NewMemberForm):
            services.change_role(obj, obj.role, actor=access.actor)
            return
        email, password = form.cleaned_data["email"], form.cleaned_data["first_password"]
        assigned = services.grant_role(access.artist, email, obj.role, actor=access.actor, password=password)
        obj.pk, obj.user = assigned.pk, assigned.user

    def remove_row(self, access: Access, obj: StaffRole) -> None:
        services.revoke_role(obj, actor=access.actor)


class KillSwitchAdmin(ReadOnlyAdmin):
    """Their list is a page of its own, whose dialogs alone switch. None is deleted: off is off, the reason stays."""

    read = Capability.CONTROL
    write = Capability.CONTROL
    fields = ("what", "state", "reason", "who", "changed_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("set/", "tenancy_killswitch_set", self.set_view),
            ("reach/", "tenancy_killswitch_reach", self.reach_view),
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Every switch with its state in words, why, who, since when, and whether each process obeys."""
        return self._page(request, SetSwitchForm())

    def set_view(self, request: HttpRequest, model_admin: object) -> HttpResponseBase:
        """Switches one thing off or on again; the page comes back with what was typed when that is refused."""
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:tenancy_killswitch_changelist"))
        if not access_of(request).allows(self.write):
            raise PermissionDenied
        return self._guarded(request, lambda: self._set(request))

    def reach_view(self, request: HttpRequest, model_admin: object) -> HttpResponse:
        """The line on the processes alone, for the refresh."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        newest = KillSwitch.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
        return TemplateResponse(request, "console/switches_reach.html", {"reach": switches.reach(newest)})

    def _set(self, request: HttpRequest) -> HttpResponse:
        access, form = access_of(request), SetSwitchForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        wanted = form.cleaned_data
        always = (KillSwitch.Scope.GLOBAL, KillSwitch.Scope.PROVIDER)
        for_all = wanted["for_all"] or wanted["scope"] in always
        if for_all and not access.platform:
            raise PermissionDenied
        services.set_switch(
            on=wanted["on"],
            scope=wanted["scope"],
            artist=None if for_all else access.artist,
            surface=wanted["surface"],
            provider=wanted["provider"],
            reason=wanted["reason"],
            actor=access.actor,
        )
        messages.success(request, "Paused." if wanted["on"] else "Live again.")
        return HttpResponseRedirect(reverse("admin:tenancy_killswitch_changelist"))

    def _page(self, request: HttpRequest, form: SetSwitchForm, *, status: int = 200) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        access = access_of(request)
        rows = list(self.get_queryset(request).order_by("-changed_at"))
        groups = switches.cards(access, rows, Artist.objects.get(pk=access.artist))
        context = self.admin_site.each_context(request) | {
            "title": "Kill switches",
            "opts": self.opts,
            "form": form,
            "groups": switches.shown(groups, access),
            "reach": switches.reach(rows[0].changed_at if rows else None),
            "access": access,
            "pause_word": switches.PAUSE_WORD,
            "shortest_reason": switches.SHORTEST_REASON,
        }
        return TemplateResponse(request, "console/switches.html", context, status=status)

    @admin.display(description="switch")
    def what(self, switch: KillSwitch) -> str:
        return f"{switch}{'' if switch.artist_id else ', for every artist'}"

    @admin.display(description="state")
    def state(self, switch: KillSwitch) -> str:
        return "paused" if switch.on else "live"

    @admin.display(description="by")
    def who(self, switch: KillSwitch) -> str:
        return names_of([switch.changed_by])[switch.changed_by]


admin.site.register(Artist, ArtistAdmin)
admin.site.register(Fan, FanAdmin)
admin.site.register(StaffRole, StaffRoleAdmin)
admin.site.register(KillSwitch, KillSwitchAdmin)
