/**
 * The view for a forgotten password: an address in, an answer that does not tell whether there is such an account.
 * @import { View, ViewContext } from "./types.js"
 */

import { mailedPage } from "./calm_page.js";
import { show } from "./dom.js";
import { followLinks, formIn, onSubmit, readFields, showErrors } from "./forms.js";
import { gettext } from "./i18n.js";
import { formErrors } from "./login.js";
import { isEmail } from "./signup_form.js";

/**
 * @param {ViewContext} ctx
 * @returns {View}
 */
export function forgotView(ctx) {
  const root = show("forgot", ctx.artist);
  const form = formIn(root);
  followLinks(root, ctx.go);
  onSubmit(form, () => askForLink(form, ctx));
  return { title: gettext("Forgot your password?"), dispose() {} };
}

/**
 * @param {HTMLFormElement} form
 * @param {ViewContext} ctx
 */
async function askForLink(form, ctx) {
  const email = readFields(form).email.trim();
  if (!isEmail(email)) return showErrors(form, { email: gettext("Enter your e-mail address.") });
  showErrors(form, {});
  try {
    await ctx.auth.forgotPassword(email);
  } catch (error) {
    return showErrors(form, formErrors(error));
  }
  return mailedPage(email, () => ctx.go("login"));
}
