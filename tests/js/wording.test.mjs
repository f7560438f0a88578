import assert from "node:assert/strict";
import { test } from "node:test";
import { asSentence, inQuotes } from "../../static/fan/js/wording.js";

test("a note reads as a sentence", () => {
  assert.equal(asSentence("your dog is called Biscuit"), "Your dog is called Biscuit.");
  assert.equal(asSentence(" énorme! "), "Énorme!");
  assert.equal(asSentence("You sang it (twice.)"), "You sang it (twice.)");
  assert.equal(asSentence("you said “never again.”"), "You said “never again.”");
});

test("a script without capitals, and nothing at all, stay as they are", () => {
  for (const note of ["كلبك اسمه سمسم", "犬の名前はポチです", ""]) assert.equal(asSentence(note), note);
});

test("quotation marks within a quotation are inner ones", () => {
  assert.equal(inQuotes("my dog is called Biscuit"), "“my dog is called Biscuit”");
  assert.equal(inQuotes("From “Lanterns”: “Leave it on”"), "“From ‘Lanterns’: ‘Leave it on’”");
});
