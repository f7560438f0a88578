/**
 * Changing the password. Every other login of the person ends with it; this one goes on.
 * @import { ViewContext } from "./types.js"
 */

import { SignedOut } from "./auth.js";
import { part } from "./dom.js";
import { onSubmit, readFields, showErrors } from "./forms.js";
import { gettext } from "./i18n.js";
import { Problem } from "./problems.js";
import { formTrouble } from "./texts.js";

/**
 * @param {HTMLElement} root
 * @param {ViewContext} ctx
 * @param {() => void} changed
 */
export function showPasswordForm(root, ctx, changed) {
  /** @type {HTMLFormElement} */
  const form = part(root, "[data-password]");
  const done = part(root, "[data-password-done]");
  onSubmit(form, async () => {
    done.textContent = "";
    const { current_password = "", new_password = "" } = readFields(form);
    const errors = missing(current_password, new_password);
    showErrors(form, errors);
    if (Object.keys(errors).length) return;
    try {
      await ctx.auth.changePassword({ email: part(root, "[data-email]").textContent ?? "", current_password, new_password });
    } catch (error) {
      if (error instanceof SignedOut) return ctx.leave(gettext("Your password has changed. Log in with the new one."));
      return showErrors(form, refusals(error));
    }
    form.reset();
    done.textContent = gettext("Password changed. Other devices have to log in again.");
    changed();
  });
}

/** @param {string} current @param {string} next @returns {Record<string, string>} */
function missing(current, next) {
  return {
    ...(!current && { current_password: gettext("Enter your current password.") }),
    ...(!next && { new_password: gettext("Enter a new password.") }),
  };
}

/** @param {unknown} error @returns {Record<string, string>} */
function refusals(error) {
  const told = error instanceof Problem && error.status === 400 ? (error.body.errors ?? []) : [];
  if (!told.length) return { form: formTrouble(error) };
  return Object.fromEntries(told.map(({ param, message }) => [param ?? "form", message]));
}
