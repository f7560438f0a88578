/**
 * Reads the sign-up form into what the server takes, or into what is wrong with it. Pure.
 * @import { ProblemBody, SignUpBody } from "./types.js"
 */

import { gettext } from "./i18n.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const OLDEST_YEARS = 120;
const SHORTEST_PASSWORD = 8;

/** @param {string} text */
export function isEmail(text) {
  return EMAIL.test(text);
}

/**
 * Gives the body to send, or a sentence for each field that is wrong.
 * @param {Record<string, string>} fields the form's strings
 * @param {{ locale: string, timeZone: string, today: Date }} where
 * @returns {{ body: SignUpBody, errors?: undefined } | { errors: Record<string, string>, body?: undefined }}
 */
export function readSignUp(fields, { locale, timeZone, today }) {
  const email = fields.email.trim();
  const birthDate = readDate(fields, today);
  /** @type {Record<string, string>} */
  const errors = {};
  if (!isEmail(email)) errors.email = gettext("Enter your e-mail address.");
  if (fields.password.length < SHORTEST_PASSWORD) errors.password = gettext("Use at least 8 characters.");
  if (!birthDate) errors.birth_date = gettext("Enter your birth date as day, month and year.");
  if (Object.keys(errors).length || !birthDate) return { errors };
  const country = countryOf(locale);
  const body = { email, password: fields.password, birth_date: birthDate };
  return { body: { ...body, ...(country && { country }), ...(timeZone && { time_zone: timeZone }) } };
}

/**
 * YYYY-MM-DD of three strings, or null when there is no such day in a living person's years.
 * @param {Record<string, string>} fields
 * @param {Date} today
 */
export function readDate({ day, month, year }, today) {
  if (![day, month, year].every((part) => /^\d+$/.test(part.trim()))) return null;
  const [d, m, y] = [day, month, year].map(Number);
  const date = new Date(Date.UTC(y, m - 1, d));
  const exists = date.getUTCFullYear() === y && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
  const plausible = date <= today && y > today.getUTCFullYear() - OLDEST_YEARS;
  return exists && plausible ? date.toISOString().slice(0, 10) : null;
}

/**
 * The region that a browser's language names ("pt-BR": BR), or undefined when it names none.
 * @param {string} locale
 */
export function countryOf(locale) {
  try {
    return new Intl.Locale(locale).region;
  } catch {
    return undefined; // not a language tag
  }
}

/** What is better said in words of ours. @type {Record<string, () => string>} */
const IN_OUR_WORDS = {
  email_password_mismatch: () => gettext("This e-mail address and this password do not go together."),
};

/**
 * allauth's errors by the form's field; what belongs to no field is under "form".
 * @param {ProblemBody} answer
 * @returns {Record<string, string>}
 */
export function fieldErrors(answer) {
  /** @type {Record<string, string>} */
  const errors = {};
  for (const { code, param, message } of answer.errors ?? []) {
    errors[param ?? "form"] ??= IN_OUR_WORDS[code ?? ""]?.() ?? message;
  }
  return errors;
}
