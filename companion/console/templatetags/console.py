"""{% crumbs %}: where a page stands, in the words of the sidebar. `ago`: how long since, in words."""

from datetime import datetime, timedelta

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from companion.console.navigation import place_of

register = template.Library()
Crumbs = list[dict[str, str]]


@register.inclusion_tag("unfold/helpers/header_title.html", takes_context=True)
def crumbs(context: template.Context) -> dict[str, Crumbs]:
    """The group, the page of the sidebar, the list where it is another one, and the row or the page's own title.

    Unfold's own would name Django's apps and models.
    """
    opts, title = context.get("opts"), str(context.get("title") or context.get("site_title") or "")
    if opts is None:
        return {"parts": [{"title": title}]}
    here, model = context["request"].path, f"{opts.app_label}_{opts.model_name}"
    parts, listing = (
        _place(model),
        {"title": str(opts.verbose_name_plural), "link": reverse(f"admin:{model}_changelist")},
    )
    if here not in _links(parts) and listing["link"] not in _links(parts):
        parts.append(listing)
    if here not in _links(parts):
        parts.append({"title": str(context.get("original") or title)})
    return {"parts": parts}


@register.filter
def ago(moment: datetime) -> str:
    """“3 minutes ago”; under a minute Django would say “0 minutes”."""
    now = timezone.now()
    return "just now" if now - moment < timedelta(minutes=1) else f"{timesince(moment, now)} ago"


def _place(model: str) -> Crumbs:
    found = place_of(model)
    if found is None:
        return []
    group, item = found
    return [{"title": group}, {"title": item.title, "link": reverse(item.url_name)}]


def _links(parts: Crumbs) -> list[str]:
    return [part.get("link", "") for part in parts]
