/** Time zones are found by the words that people type. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { allZones, clockIn, findZones, zoneOf } from "../../static/fan/js/zones.js";

const ZONES = ["America/Argentina/Ushuaia", "America/Sao_Paulo", "Asia/Seoul", "Europe/Berlin", "Europe/Paris", "UTC"].map(zoneOf);
const ids = (query, here = "") => findZones(ZONES, query, here).map(({ id }) => id);

test("a zone reads as a place in a region", () => {
  const { place, region } = zoneOf("America/Argentina/Ushuaia");
  assert.deepEqual([place, region], ["Ushuaia", "America, Argentina"]);
  assert.deepEqual([zoneOf("UTC").place, zoneOf("UTC").region], ["UTC", ""]);
  assert.equal(zoneOf("America/Sao_Paulo").place, "Sao Paulo");
});

test("case, accents, order of words and underscores do not matter", () => {
  assert.deepEqual(ids("são paulo"), ["America/Sao_Paulo"]);
  assert.deepEqual(ids("BERLIN europe"), ["Europe/Berlin"]);
  assert.deepEqual(ids("europe/ber"), ["Europe/Berlin"]);
  assert.deepEqual(ids("nowhere"), []);
});

test("a place that begins with the words comes before one that only has them", () => {
  assert.deepEqual(ids("a").slice(0, 1), ["America/Argentina/Ushuaia"]); // none begins so: the old order
  assert.deepEqual(ids("s")[0], "America/Sao_Paulo");
  assert.equal(ids("u")[0], "America/Argentina/Ushuaia");
});

test("with nothing typed this device's zone is on top", () => {
  assert.equal(ids("", "Europe/Paris")[0], "Europe/Paris");
});

test("the zones of the account and the device are there even when the browser does not list them", () => {
  const found = new Set(allZones(["Mars/Olympus"]).map(({ id }) => id));
  assert.ok(found.has("Mars/Olympus") && found.has("UTC") && found.has("Europe/Berlin"));
  assert.equal(allZones(["UTC"]).filter(({ id }) => id === "UTC").length, 1);
});

test("each is shown with its clock", () => {
  assert.equal(clockIn("Asia/Seoul", "en-GB", new Date("2026-11-24T09:04:00Z")), "18:04");
});
