/**
 * Joining the artist: what still has to be acknowledged, then in.
 * @import { View, ViewContext } from "./types.js"
 */

import { SignedOut } from "./auth.js";
import { underagePage } from "./calm_page.js";
import { firstUnticked, showDisclosures, tickedIn } from "./disclosures.js";
import { part, show } from "./dom.js";
import { formIn, onSubmit, showErrors } from "./forms.js";
import { gettext } from "./i18n.js";
import { Problem } from "./problems.js";
import { formTrouble } from "./texts.js";

/**
 * @param {ViewContext} ctx
 * @returns {View}
 */
export function joinView(ctx) {
  const form = formIn(show("join", ctx.artist));
  const place = part(form, "[data-disclosures]");
  part(form, "[data-leave]").addEventListener("click", () => void ctx.logOut());
  const isTold = told(form, place, ctx);
  onSubmit(form, async () => {
    if (!(await isTold())) return;
    const unticked = firstUnticked(place);
    showErrors(form, unticked ? { form: gettext("Tick each box to go on.") } : {});
    if (unticked) unticked.focus();
    else await join(form, tickedIn(place), ctx);
  });
  void isTold();
  return { title: gettext("Before you talk with {name}", { name: ctx.artist.name }), dispose() {} };
}

/**
 * Shows what this person's law asks for, once; tries again when it could not be had.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} place
 * @param {ViewContext} ctx
 */
function told(form, place, { api, artist, logOut }) {
  let isTold = false;
  return async () => {
    if (isTold) return true;
    try {
      showDisclosures(place, (await api.disclosures(artist.slug)).items);
      isTold = true;
    } catch (error) {
      if (error instanceof SignedOut) await logOut();
      else showErrors(form, { form: formTrouble(error) });
    }
    return isTold;
  };
}

/**
 * @param {HTMLFormElement} form
 * @param {string[]} ids
 * @param {ViewContext} ctx
 */
async function join(form, ids, ctx) {
  try {
    await ctx.api.join(ctx.artist.slug, ids);
  } catch (error) {
    if (error instanceof SignedOut) return ctx.logOut();
    if (error instanceof Problem && error.code === "underage") return underagePage();
    return showErrors(form, { form: formTrouble(error) });
  }
  return ctx.entered([]);
}
