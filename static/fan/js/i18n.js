/**
 * The page's words in the page's language. English is the source and is written where it is used; the other languages
 * are catalogs that `companion.local.messages` makes of locale/<language>/LC_MESSAGES/django.po.
 */

const language = globalThis.document?.documentElement.lang || "en";
const catalog = language === "en" ? {} : (await import(`./catalogs/${language}.js`)).default;
const plurals = new Intl.PluralRules(language);

/**
 * The text in the page's language, with `{name}` replaced by `values.name`.
 * @param {string} text
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function gettext(text, values = {}) {
  const found = catalog[text];
  return filled(typeof found === "string" ? found : text, values);
}

/**
 * As gettext, for what depends on a number; `{count}` stands for it.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function ngettext(one, many, count, values = {}) {
  const forms = catalog[one];
  const category = plurals.select(count);
  const text = forms?.[category] ?? forms?.other ?? (category === "one" ? one : many);
  return filled(text, { count, ...values });
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
