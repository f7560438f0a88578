import assert from "node:assert/strict";
import { test } from "node:test";
import { countryOf, fieldErrors, readDate, readSignUp } from "../../static/fan/js/signup_form.js";
import { Disconnected, Problem } from "../../static/fan/js/problems.js";
import { bannerFor, formTrouble, refusalText } from "../../static/fan/js/texts.js";
import { linePath, lineState } from "../../static/fan/js/line.js";
import { dayLabel } from "../../static/fan/js/times.js";

const TODAY = new Date("2026-11-24T12:00:00Z");
const WHERE = { locale: "en-GB", timeZone: "Europe/London", today: TODAY };
const GOOD = {
  email: " jo@example.com ",
  password: "correct horse",
  day: "14",
  month: "3",
  year: "2001",
};

test("a good form becomes the sign-up's body", () => {
  const { body } = readSignUp(GOOD, WHERE);
  assert.deepEqual(body, {
    email: "jo@example.com",
    password: "correct horse",
    birth_date: "2001-03-14",
    country: "GB",
    time_zone: "Europe/London",
  });
});

test("what is not given is not sent", () => {
  const { body } = readSignUp(GOOD, { ...WHERE, locale: "en" });
  assert.ok(!("country" in body));
});

test("each wrong field has a sentence of its own", () => {
  const { errors, body } = readSignUp({ ...GOOD, email: "jo", password: "short", day: "31", month: "2" }, WHERE);
  assert.deepEqual(Object.keys(errors), ["email", "password", "birth_date"]);
  assert.equal(body, undefined);
});

for (const [day, month, year] of [
  ["29", "2", "2001"],
  ["0", "1", "2001"],
  ["1", "13", "2001"],
  ["1", "1", "1900"],
  ["1", "1", "2027"],
  ["a", "1", "2001"],
  ["", "", ""],
  ["1", "1", "99"],
]) {
  test(`${day}/${month}/${year} is no birth date`, () => assert.equal(readDate({ day, month, year }, TODAY), null));
}

test("a leap day is a birth date", () =>
  assert.equal(readDate({ day: "29", month: "02", year: "2004" }, TODAY), "2004-02-29"));

test("a country is only taken from a language that names one", () => {
  assert.equal(countryOf("pt-BR"), "BR");
  assert.equal(countryOf("zh-Hant-TW"), "TW");
  assert.equal(countryOf("de"), undefined);
  assert.equal(countryOf("not a tag"), undefined);
});

test("the server's errors go to their fields, the first of each", () => {
  const answer = {
    errors: [{ param: "email", message: "Taken." }, { param: "email", message: "Odd." }, { message: "No." }],
  };
  assert.deepEqual(fieldErrors(answer), { email: "Taken.", form: "No." });
});

test("a wrong password is said in our own words", () => {
  const answer = { errors: [{ code: "email_password_mismatch", param: "password", message: "and/or" }] };
  assert.deepEqual(fieldErrors(answer), {
    password: "This e-mail address and this password do not go together.",
  });
});

const READY = { connection: { kind: "ready" }, lostForLong: false, offline: false };

test("a short cut has no banner and a long one has", () => {
  const lost = { ...READY, connection: { kind: "lost", why: "lost" } };
  assert.equal(bannerFor(READY, "Aria"), null);
  assert.equal(bannerFor(lost, "Aria"), null);
  assert.equal(bannerFor({ ...lost, lostForLong: true }, "Aria").title, "No connection.");
});

test("paused and sanctioned are said at once", () => {
  for (const why of ["paused", "sanctioned"]) {
    assert.ok(bannerFor({ ...READY, connection: { kind: "lost", why } }, "Aria").title);
  }
});

test("a refusal has words for the fan", () => {
  assert.match(refusalText({ code: "rate_limited" }), /at once/);
  assert.equal(refusalText({ code: "validation_error", detail: "Too long." }), "Too long.");
  assert.equal(refusalText({ code: "unavailable" }), "Not sent");
});

test("the line is still in a crisis and dotted without a connection", () => {
  assert.equal(lineState({ ...READY, help: {} }, true), "still");
  assert.equal(lineState({ ...READY, offline: true }, true), "offline");
  assert.equal(lineState(READY, true), "speaking");
  assert.equal(linePath("still"), linePath("offline"));
  assert.notEqual(linePath("idle"), linePath("speaking"));
});

test("days are named as people name them", () => {
  assert.equal(dayLabel(new Date(2026, 10, 24, 1).toISOString(), new Date(2026, 10, 24, 23)), "Today");
  assert.equal(dayLabel(new Date(2026, 10, 23, 23).toISOString(), new Date(2026, 10, 24, 1)), "Yesterday");
});

test("a form says in the page's own words why it was not taken", () => {
  const said = (status, code) => formTrouble(new Problem(status, { code, detail: "The server's words." }));
  for (const [status, code] of [
    [404, "not_found"],
    [403, "forbidden"],
    [409, "conflict"],
    [422, "validation_error"],
    [418, "of a later server"],
    [503, "paused"],
  ]) {
    assert.doesNotMatch(said(status, code), /server/);
    assert.match(said(status, code), /\.$/);
  }
  assert.match(said(404, "not_found"), /any more/);
  assert.match(formTrouble(new Disconnected()), /network/);
  assert.throws(() => formTrouble(new TypeError("ours")), TypeError);
});
