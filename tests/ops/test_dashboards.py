"""Every query of ops/ against what real processes export after real traffic: names, labels, values, types, limits."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp
import pytest
import yaml
from django.core.management import call_command
from prometheus_client.parser import text_string_to_metric_families

from companion.local.environment import ROOT
from companion.local.processes import free_port
from tests.factories import make_artist, make_fan
from tests.ops.promql import COUNTED, Asked, asked, compared_with, parse
from tests.upstream import upstream_thread
from tests.web import WebProcess, api, chat

ALERTS = yaml.safe_load((ROOT / "ops" / "prometheus" / "alerts.yml").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
RECORDED = {rule["record"]: rule["expr"] for rule in RULES if "record" in rule}
DASHBOARDS = sorted((ROOT / "ops" / "grafana").glob("*.json"))
PANELS = [panel for path in DASHBOARDS for panel in json.loads(path.read_text())["panels"] if "targets" in panel]
# What Prometheus itself knows of a target.
ITS_OWN, TARGET_LABELS = {"up"}, {"job", "instance"}
STARTED_S = 90.0
OURS = ("companion_", "lay_")


QUERIES = [pytest.param(rule["expr"], id=rule.get("alert") or rule["record"]) for rule in RULES] + [
    pytest.param(target["expr"], id=f"{panel['title']}-{target['refId']}")
    for panel in PANELS
    for target in panel["targets"]
]


@dataclass
class Exported:
    """What the processes showed: types by family, and each sample's labels."""

    types: dict[str, str] = field(default_factory=dict)
    samples: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def read(self, url: str) -> None:
        with urllib.request.urlopen(url, timeout=10) as answer:
            text = answer.read().decode()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                self.types[sample.name] = family.type
                self.samples.setdefault(sample.name, []).append(dict(sample.labels))

    def values(self, name: str, label: str) -> set[str]:
        return {labels[label] for labels in self.samples[name] if label in labels}


@pytest.fixture(scope="module")
def exported() -> Iterator[Exported]:
    """A web process and a scheduler as the image runs them: each tells its own figures."""
    with upstream_thread() as upstream:
        provider = {
            "COMPANION_LLM": "openai",
            "COMPANION_LLM_BASE_URL": upstream.url,
            "COMPANION_LLM_MODEL": "scripted",
        }
        web = WebProcess(**provider).start()
        port = str(free_port())
        scheduler = subprocess.Popen(
            [sys.executable, "manage.py", "scheduler"], cwd=ROOT, env=os.environ | {"COMPANION_METRICS_PORT": port}
        )
        try:
            asyncio.run(traffic(web))
            shown = Exported()
            shown.read(f"{web.url}/metrics")
            await_scheduler(f"http://127.0.0.1:{port}/metrics")
            shown.read(f"http://127.0.0.1:{port}/metrics")
            yield shown
        finally:
            scheduler.terminate()
            web.stop()
            scheduler.wait(20)


async def traffic(web: WebProcess) -> None:
    """A turn over a socket, one over JSON, a page, and a refusal of a paused artist (503)."""
    artist = make_artist()
    fan = make_fan(artist)
    path = f"/api/v1/artists/{artist.slug}/messages"
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.say("hello", "m1")
        assert (await socket.ending())["type"] == "turn.completed"
    async with api(web, fan.access_token) as client:
        assert await posted(client, path, "m2") == 200
        await asyncio.to_thread(
            call_command, "kill", "on", "--scope", "artist", "--artist", artist.slug, "--reason", "test"
        )
        async with asyncio.timeout(STARTED_S):  # the process hears of a switch at its next poll
            tries = count(3)
            while await posted(client, path, f"m{next(tries)}") != 503:
                pass


async def posted(client: aiohttp.ClientSession, path: str, client_message_id: str) -> int:
    async with client.post(path, json={"client_message_id": client_message_id, "text": "hello"}) as answer:
        return answer.status


def await_scheduler(url: str) -> None:
    """Until it has handed on an event of the turns."""
    give_up_at = time.monotonic() + STARTED_S
    while True:
        seen = Exported()
        try:
            seen.read(url)
        except OSError:
            seen.samples = {}
        if seen.samples.get("companion_outbox_delivered_total"):
            return
        assert time.monotonic() < give_up_at, "the scheduler handed nothing on"
        time.sleep(0.1)


def series(query: str) -> list[Asked]:
    return list(asked(parse(query)))


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_asks_for_what_is_exported(query: str, exported: Exported) -> None:
    for one in series(query):
        if one.name in ITS_OWN or one.name in RECORDED:
            continue
        assert one.name in exported.samples, f"{one.name} is not exported"
        for label in {name for name, _, _ in one.matchers} | one.grouped_by:
            assert label in TARGET_LABELS or exported.values(one.name, label), f"{one.name} has no label {label}"


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_picks_values_that_exist(query: str, exported: Exported) -> None:
    for one in series(query):
        for label, operator, value in one.matchers:
            if label in TARGET_LABELS or one.name in RECORDED:
                continue
            for wanted in value.split("|") if operator in ("Re", "NotRe") else [value]:
                there = exported.values(one.name, label)
                assert any(re.fullmatch(wanted, seen) for seen in there), f"{one.name}: {label} {wanted} of {there}"


@pytest.mark.parametrize("query", QUERIES)
def test_a_querys_functions_fit_the_metrics_type(query: str, exported: Exported) -> None:
    for one in series(query):
        kind = exported.types.get(one.name, "gauge")
        counted = any(name in COUNTED for name in one.inside)
        assert counted == (kind in ("counter", "histogram")), f"{one.name} is a {kind}"
        if "histogram_quantile" in one.inside:
            assert one.name.endswith("_bucket")
            assert "le" in one.grouped_by
        else:
            assert not one.name.endswith("_bucket")


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule["alert"]) for rule in RULES if "alert" in rule])
def test_a_limit_on_a_histogram_is_a_bound_of_its_buckets(rule: dict[str, Any], exported: Exported) -> None:
    """Between two bounds a quantile is a guess, and an alert on it too."""
    for one in series(rule["expr"]):
        inner = series(RECORDED[one.name])[0] if one.name in RECORDED else one
        if inner.name.endswith("_bucket"):
            bounds = {float(bound) for bound in exported.values(inner.name, "le")}
            assert compared_with(parse(rule["expr"])) in bounds


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule["alert"]) for rule in RULES if "alert" in rule])
def test_an_alert_has_a_severity_and_a_runbook_that_exists(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_every_figure_of_ours_is_looked_at(exported: Exported) -> None:
    """A metric that no panel and no alert reads is a cost without a use."""
    looked_at = {one.name for param in QUERIES for one in series(str(param.values[0]))}
    families = {name for name in exported.samples if name.startswith(OURS) and not name.endswith(("_created", "_info"))}
    stems = {re.sub(r"_(bucket|sum|count)$", "", name) for name in families}
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in looked_at} >= stems


def test_a_dashboards_panels_have_a_unit_words_and_a_place_of_their_own() -> None:
    assert PANELS
    cells: set[tuple[int, int]] = set()
    for panel in PANELS:
        place = panel["gridPos"]
        here = {(place["x"] + right, place["y"] + down) for right in range(place["w"]) for down in range(place["h"])}
        assert not cells & here, panel["title"]
        cells |= here
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["description"]


@pytest.mark.parametrize(
    "query",
    [
        "sum(rate(companion_turn_total[5m]))",
        "sum by (artist) (rate(companion_turns_total[5m]))",
        'sum(rate(companion_turns_total{outcome="broken"}[5m]))',
        "max(companion_turns_total)",
        "rate(companion_open_sockets[5m])",
        "histogram_quantile(0.95, sum(rate(companion_turn_first_token_seconds_bucket[5m])))",
    ],
)
def test_these_checks_see_a_wrong_query(query: str, exported: Exported) -> None:
    with pytest.raises((AssertionError, KeyError)):
        check_all(query, exported)


def check_all(query: str, exported: Exported) -> None:
    test_a_query_asks_for_what_is_exported(query, exported)
    test_a_query_picks_values_that_exist(query, exported)
    test_a_querys_functions_fit_the_metrics_type(query, exported)
