/**
 * The welcome: the disclosure, and the sign-up form under it. Nothing is sent before the disclosure was shown.
 * @import { SignUpBody, View, ViewContext } from "./types.js"
 */

import { ConfirmationPending } from "./auth.js";
import { confirmPage, underagePage } from "./calm_page.js";
import { firstUnticked, showDisclosures, tickedIn } from "./disclosures.js";
import { part, show } from "./dom.js";
import { followLinks, formIn, onSubmit, readFields, showErrors } from "./forms.js";
import { gettext } from "./i18n.js";
import { formErrors } from "./login.js";
import { Problem } from "./problems.js";
import { countryOf, readSignUp } from "./signup_form.js";
import { formTrouble } from "./texts.js";

/**
 * @param {ViewContext} ctx
 * @returns {View}
 */
export function signUpView(ctx) {
  const root = show("signup", ctx.artist);
  const form = formIn(root);
  const place = part(form, "[data-disclosures]");
  const isTold = told(form, place, ctx);
  followLinks(root, ctx.go);
  onSubmit(form, async () => {
    if (!(await isTold())) return;
    const body = checked(form, place);
    if (body) await signUp(form, body, tickedIn(place), ctx);
  });
  void isTold();
  return { title: gettext("Talk with {name}, AI persona", { name: ctx.artist.name }), dispose() {} };
}

/**
 * The server's page has the notices of the country that the browser's language names, as we do; else we ask for them.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} place
 * @param {ViewContext} ctx
 */
function told(form, place, { api, artist }) {
  const country = countryOf(navigator.language);
  let isTold = place.childElementCount > 0 && place.dataset.country === (country ?? "");
  return async () => {
    if (isTold) return true;
    try {
      showDisclosures(place, (await api.publicDisclosures(artist.slug, country)).items);
      isTold = true;
    } catch (error) {
      showErrors(form, { form: formTrouble(error) });
    }
    return isTold;
  };
}

/**
 * The body to send, or null with the errors shown.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} place
 */
function checked(form, place) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const read = readSignUp(readFields(form), { locale: navigator.language, timeZone, today: new Date() });
  const unticked = firstUnticked(place);
  showErrors(form, { ...read.errors, ...(unticked && { disclosures: gettext("Tick each box to go on.") }) });
  if (!read.errors) unticked?.focus();
  return unticked ? null : (read.body ?? null);
}

/**
 * @param {HTMLFormElement} form
 * @param {SignUpBody} body
 * @param {string[]} ticked
 * @param {ViewContext} ctx
 */
async function signUp(form, body, ticked, ctx) {
  try {
    await ctx.auth.signUp(body);
  } catch (error) {
    if (error instanceof ConfirmationPending) return confirmPage(body.email, () => ctx.go("login"));
    if (error instanceof Problem && error.code === "underage") return underagePage();
    return showErrors(form, formErrors(error));
  }
  return ctx.entered(ticked);
}
