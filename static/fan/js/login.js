/**
 * The log-in view.
 * @import { View, ViewContext } from "./types.js"
 */

import { ConfirmationPending } from "./auth.js";
import { confirmPage } from "./calm_page.js";
import { part, show } from "./dom.js";
import { followLinks, formIn, onSubmit, readFields, showErrors } from "./forms.js";
import { gettext } from "./i18n.js";
import { Problem } from "./problems.js";
import { fieldErrors, isEmail } from "./signup_form.js";
import { formTrouble } from "./texts.js";

/**
 * @param {ViewContext} ctx `why` is said above the form, such as a session that is over
 * @returns {View}
 */
export function logInView(ctx) {
  const root = show("login", ctx.artist);
  const form = formIn(root);
  part(form, "[data-why]").textContent = ctx.why;
  followLinks(root, ctx.go);
  onSubmit(form, () => logIn(form, ctx));
  if (ctx.why) part(root, "h1").focus();
  return { title: gettext("Log in, {name}", { name: ctx.artist.name }), dispose() {} };
}

/**
 * @param {HTMLFormElement} form
 * @param {ViewContext} ctx
 */
async function logIn(form, ctx) {
  const fields = readFields(form);
  const email = fields.email.trim();
  const errors = missing(email, fields.password);
  showErrors(form, errors);
  if (Object.keys(errors).length) return;
  try {
    await ctx.auth.logIn({ email, password: fields.password });
  } catch (error) {
    if (error instanceof ConfirmationPending) return confirmPage(email, () => ctx.go("login"));
    if (wantsCode(error)) return showErrors(form, { form: gettext("This is a staff account: log in at the console.") });
    return showErrors(form, formErrors(error));
  }
  await ctx.entered([]);
}

/**
 * Staff with a second step log in at the console, where they are asked for its code.
 * @param {unknown} error
 */
function wantsCode(error) {
  /** @type {{ flows?: { id: string, is_pending?: boolean }[] } | undefined} */
  const data = error instanceof Problem ? /** @type {any} */ (error.body).data : undefined;
  return Boolean(data?.flows?.some((flow) => flow.id === "mfa_authenticate" && flow.is_pending));
}

/**
 * @param {string} email
 * @param {string} password
 * @returns {Record<string, string>}
 */
function missing(email, password) {
  return {
    ...(!isEmail(email) && { email: gettext("Enter your e-mail address.") }),
    ...(!password && { password: gettext("Enter your password.") }),
  };
}

/**
 * What the server found wrong, by field where it belongs to one.
 * @param {unknown} error
 * @returns {Record<string, string>}
 */
export function formErrors(error) {
  const known = error instanceof Problem && error.status === 400 ? fieldErrors(error.body) : {};
  return Object.keys(known).length ? known : { form: formTrouble(error) };
}
