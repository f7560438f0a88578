/** Which of our languages an account speaks, and how the page comes to speak it. */

import { setCookie } from "./cookies.js";

const COOKIE = "language";

/**
 * The one of ours that is the account's (en-GB is English); null when we have none, or the account names none.
 * @param {string} language
 * @param {string[]} ours
 */
export function languageFor(language, ours) {
  const [short = ""] = language.split("-");
  return ours.find((code) => code === language.toLowerCase()) ?? ours.find((code) => code === short) ?? null;
}

/** Our languages, as the page's head names them. */
export function ourLanguages() {
  /** @type {HTMLMetaElement | null} */
  const named = document.querySelector("meta[name=companion-languages]");
  return named?.content.split(" ") ?? [];
}

/** The page begins anew in the language. @param {string} language */
export function speak(language) {
  setCookie(COOKIE, language);
  location.reload();
}

/**
 * The page begins anew where the account speaks another language of ours. Not where it was asked for that already: the
 * page that a device keeps for a day without a network is in the language that it has.
 * @param {string} account
 */
export function speakAs(account) {
  const language = languageFor(account, ourLanguages());
  const isAsked = document.cookie.split("; ").includes(`${COOKIE}=${language}`);
  if (language && language !== document.documentElement.lang && !isAsked) speak(language);
}
