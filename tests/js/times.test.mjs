import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, dayAndClock, dayLabel, dayOf, dayWords, localeOf } from "../../static/fan/js/times.js";

test("the person's own region counts where it speaks the page's language", () => {
  assert.equal(localeOf("en", ["fr-FR", "en-GB"]), "en-GB");
  assert.equal(localeOf("es", ["en-GB"]), "es");
  assert.equal(localeOf(undefined, ["en-GB"]), undefined);
});

test("a day is told as a person would", () => {
  const now = new Date(2026, 10, 24, 12);
  const label = (...at) => dayLabel(new Date(...at).toISOString(), now);
  assert.equal(label(2026, 10, 24, 0, 1), "Today");
  assert.equal(label(2026, 10, 23, 23, 59), "Yesterday");
  assert.equal(label(2026, 10, 20), "Friday");
  assert.match(label(2026, 10, 3), /3|November/);
  assert.match(label(2025, 10, 3), /2025/);
});

test("inside of a sentence a day begins as the language writes it", () => {
  const now = new Date(2026, 10, 24, 12);
  const words = (...at) => dayWords(new Date(...at).toISOString(), now);
  assert.deepEqual([words(2026, 10, 23), words(2026, 10, 20)], ["yesterday", "Friday"]);
  assert.match(dayAndClock(new Date(2026, 10, 20, 21, 14).toISOString(), now), /^Friday, .*14/);
});

test("what has no time yet shows none", () => {
  assert.equal(clock("~"), "");
  assert.equal(dayOf("~"), null);
});
