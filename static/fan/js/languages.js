/** Which of our languages an account speaks, and how the page comes to speak it. */

import { setCookie } from "./cookies.js";

const ASKED_KEY = "companion.language.asked";

/**
 * The one of ours that is the account's (en-GB is English); null when we have none, or the account names none.
 * @param {string} account
 * @param {string[]} ours
 */
export function languageFor(account, ours) {
  const language = account.toLowerCase();
  return ours.find((code) => code === language) ?? ours.find((code) => code === language.split("-")[0]) ?? null;
}

/** Our languages, as the page's head names them. */
export function ourLanguages() {
  /** @type {HTMLMetaElement | null} */
  const named = document.querySelector("meta[name=companion-languages]");
  return named?.content.split(" ") ?? [];
}

/** The page begins anew in the language. @param {string} language */
export function speak(language) {
  setCookie("language", language);
  location.reload();
}

/**
 * The page begins anew where the account speaks another language of ours; true when it does. A tab asks once: the page
 * that a device keeps for a day without a network is in the language that it has.
 * @param {string} account
 */
export function speakAs(account) {
  const language = languageFor(account, ourLanguages());
  if (!language || language === document.documentElement.lang || sessionStorage.getItem(ASKED_KEY) === language) return false;
  sessionStorage.setItem(ASKED_KEY, language);
  speak(language);
  return true;
}
