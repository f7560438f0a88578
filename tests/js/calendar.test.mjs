/** Dates in the fan's own zone, and what is left of a quota. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, dateParts } from "../../static/fan/js/calendar.js";
import { leftWords } from "../../static/fan/js/usage_words.js";

const NOW = new Date("2026-11-24T12:00:00Z");
const parts = (starts_at, ends_at, zone) => dateParts({ starts_at, ends_at }, { zone, now: NOW, locale: "en-GB" });

test("an evening is told in the zone of the account, with its own day there", () => {
  const evening = ["2026-11-26T20:00:00Z", "2026-11-26T22:00:00Z"];
  assert.deepEqual(parts(...evening, "Europe/London"), { day: "26", month: "Nov", when: "Thursday, 20:00 to 22:00" });
  assert.deepEqual(parts(...evening, "Asia/Seoul"), { day: "27", month: "Nov", when: "Friday, 05:00 to 07:00" });
});

test("a whole day has no clock, and what runs now says until when", () => {
  assert.equal(parts("2026-12-04T00:00:00Z", "2026-12-05T00:00:00Z", "UTC").when, "Friday, all day");
  assert.equal(parts("2026-11-24T10:00:00Z", "2026-11-24T13:30:00Z", "UTC").when, "On now, until 13:30");
  assert.equal(parts("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", "UTC").when, "On now");
});

test("a moment past is told by its distance", () => {
  assert.equal(ago("2026-11-24T11:59:40Z", NOW), "just now");
  assert.match(ago("2026-11-24T11:40:00Z", NOW), /^20 minutes ago$/);
  assert.match(ago("2026-11-24T07:00:00Z", NOW), /^5 hours ago$/);
  assert.match(ago("2026-11-23T11:00:00Z", NOW), /^yesterday$/);
});

test("what is left is told only where there is a limit", () => {
  const quota = (used, limit, resets_at) => ({ name: "messages", used, limit, resets_at });
  assert.equal(leftWords(undefined, NOW), "");
  assert.equal(leftWords(quota(7, null, "2026-12-01T00:00:00Z"), NOW), "");
  assert.equal(leftWords(quota(12, 30, "2026-11-25T00:00:00Z"), NOW), "18 left today");
  assert.equal(leftWords(quota(12, 30, "2026-12-01T00:00:00Z"), NOW), "18 left");
  assert.match(leftWords(quota(31, 30, "2026-12-01T00:00:00Z"), NOW), /^None left until /);
});
