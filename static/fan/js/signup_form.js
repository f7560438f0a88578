/** Reads the sign-up form into what the server takes, or into what is wrong with it. Pure. */

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const OLDEST_YEARS = 120;

/** fields: the form's strings. Gives {body} or {errors: {field: sentence}}. */
export function readSignUp(fields, { locale, timeZone, today }) {
  const errors = {};
  const email = fields.email.trim();
  if (!EMAIL.test(email)) errors.email = "Enter your e-mail address.";
  if (fields.password.length < 8) errors.password = "Use at least 8 characters.";
  const birthDate = readDate(fields, today);
  if (!birthDate) errors.birth_date = "Enter your birth date as day, month and year.";
  if (Object.keys(errors).length) return { errors };
  const about = { name: fields.name.trim(), country: countryOf(locale), time_zone: timeZone };
  const given = Object.fromEntries(Object.entries(about).filter(([, value]) => value));
  return { body: { email, password: fields.password, birth_date: birthDate, ...given } };
}

/** YYYY-MM-DD of three strings, or null when there is no such day in a living person's years. */
export function readDate({ day, month, year }, today) {
  if (![day, month, year].every((part) => /^\d+$/.test(part.trim()))) return null;
  const [d, m, y] = [day, month, year].map(Number);
  const date = new Date(Date.UTC(y, m - 1, d));
  const exists = date.getUTCFullYear() === y && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
  const plausible = date <= today && y > today.getUTCFullYear() - OLDEST_YEARS;
  return exists && plausible ? date.toISOString().slice(0, 10) : null;
}

/** The region that a browser's language names ("pt-BR": BR), or undefined when it names none. */
export function countryOf(locale) {
  try {
    return new Intl.Locale(locale).region;
  } catch {
    return undefined; // not a language tag
  }
}

/** allauth's errors by the form's field; what belongs to no field is under "form". */
export function fieldErrors(answer) {
  const errors = {};
  for (const { param, message } of answer.errors ?? []) errors[param ?? "form"] ??= message;
  return errors;
}
