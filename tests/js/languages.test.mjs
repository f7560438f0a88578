import assert from "node:assert/strict";
import { test } from "node:test";
import { languageFor } from "../../static/fan/js/languages.js";

const OURS = ["en", "es", "pt-br"];

test("an account's language is ours with its region, or without", () => {
  assert.equal(languageFor("es", OURS), "es");
  assert.equal(languageFor("en-GB", OURS), "en");
  assert.equal(languageFor("pt-BR", OURS), "pt-br");
  assert.equal(languageFor("ES-mx", OURS), "es");
});

test("one that we do not have is none of ours", () => {
  for (const language of ["tlh", "pt", ""]) assert.equal(languageFor(language, OURS), null);
});
