"""Lighthouse (npm) over a Chromium that is open already, so that a page can be looked at behind a login."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from companion.local.environment import ROOT

PROGRAM = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
LONGEST_S = 180
KEPT_METRICS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")


class LighthouseFailed(Exception):
    """It could not look at the page; the text is its own."""


@dataclass(frozen=True, slots=True)
class Report:
    """Scores of 0 to 100 by category; what fell short, by audit; the metrics in ms, the shift without a unit."""

    scores: dict[str, int]
    short: tuple[str, ...]
    metrics: dict[str, float]
    weight: int


def look_at(url: str, *, port: int, categories: Sequence[str]) -> Report:
    """Opens the page in a new tab of the Chromium behind `port`, on Lighthouse's own phone, with what it has stored."""
    command = [
        *("node", str(PROGRAM), url, f"--port={port}", "--quiet", "--output=json", "--output-path=stdout"),
        *(f"--only-categories={','.join(categories)}", "--disable-storage-reset", "--no-enable-error-reporting"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if done.returncode != 0:
        raise LighthouseFailed(done.stderr[-3000:])
    return _report(json.loads(done.stdout))


def _report(result: dict[str, Any]) -> Report:
    if "runtimeError" in result:
        raise LighthouseFailed(result["runtimeError"]["message"])
    audits = result["audits"]
    scored = {ref["id"] for category in result["categories"].values() for ref in category["auditRefs"] if ref["weight"]}
    short = [audits[name] for name in sorted(scored) if (audits[name]["score"] or 0) < 1 and _counts(audits[name])]
    return Report(
        scores={name: round((category["score"] or 0) * 100) for name, category in result["categories"].items()},
        short=tuple(f"{audit['id']}: {audit.get('displayValue') or audit['title']}" for audit in short),
        metrics={name: float(audits[name]["numericValue"]) for name in KEPT_METRICS if name in audits},
        weight=int(audits.get("total-byte-weight", {}).get("numericValue", 0)),
    )


def _counts(audit: dict[str, Any]) -> bool:
    return audit["scoreDisplayMode"] not in ("notApplicable", "informative", "manual")
