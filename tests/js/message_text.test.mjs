import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoneEmoji, piecesOf } from "../../static/fan/js/message_text.js";

const links = (text) => piecesOf(text).filter(({ href }) => href);

test("an address becomes a link, and the sentence around it stays to the letter", () => {
  const text = "See https://example.com/a?b=1, or (https://example.org).";
  assert.deepEqual(
    links(text).map(({ href }) => href),
    ["https://example.com/a?b=1", "https://example.org/"],
  );
  assert.equal(
    piecesOf(text)
      .map((piece) => piece.text)
      .join(""),
    text,
  );
});

test("a bracket that belongs to the address stays in it", () => {
  assert.equal(links("https://example.org/wiki/Night_(song)")[0].href, "https://example.org/wiki/Night_(song)");
});

for (const text of [
  "javascript:alert(1)",
  "data:text/html,hi",
  "ftp://example.com",
  "http://",
  "https://bank.example@evil.example/",
  "https://user:secret@evil.example/",
  "nothttps://example.com",
]) {
  test(`no link comes of ${text}`, () => assert.deepEqual(links(text), []));
}

test("a host in foreign letters is shown as what it is", () => {
  const [link] = links("https://аpple.com/"); // a Cyrillic a
  assert.match(link.text, /^https:\/\/xn--/);
});

test("up to three emoji alone are large; digits, words and four are not", () => {
  for (const text of ["❤️", "👍🏽", "👨‍👩‍👧 🇰🇷", "🎉🎉🎉"]) assert.ok(isLoneEmoji(text), text);
  for (const text of ["7", "#", "hi 🎉", "🎉🎉🎉🎉", "", " "]) assert.ok(!isLoneEmoji(text), text);
});
