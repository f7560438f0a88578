/** The few cookies that the server reads before it paints the page: signed_in, theme, language. None is a secret. */

const KEPT_S = 365 * 24 * 60 * 60;

/**
 * Keeps a cookie for a year; an empty value removes it.
 * @param {string} name
 * @param {string} value
 */
export function setCookie(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = value ? KEPT_S : 0;
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}
