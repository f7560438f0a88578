/** Joining the artist: what still has to be acknowledged, then in. */

import { SignedOut } from "./auth.js";
import { firstUnticked, mustAcknowledge, showDisclosures, tickedIn } from "./disclosures.js";
import { show } from "./dom.js";
import { onSubmit, showErrors } from "./forms.js";
import { formTrouble } from "./texts.js";

/** Joins with the ids that the fan ticked at sign-up; shows the view when the law of this person asks for more. */
export async function join({ artist, api, ticked, go }) {
  const { items } = await api.disclosures(artist.slug);
  const required = mustAcknowledge(items);
  if (required.every((id) => ticked.includes(id))) return enter({ artist, api, ids: required, go });
  return joinView({ artist, api, items, go });
}

function joinView({ artist, api, items, go }) {
  const form = show("join", artist).querySelector("form");
  const cards = form.querySelector("[data-disclosures]");
  showDisclosures(cards, items);
  form.querySelector("[data-leave]").addEventListener("click", () => go.leave());
  form.querySelector("h1").focus();
  onSubmit(form, async () => {
    const unticked = firstUnticked(cards);
    showErrors(form, unticked ? { form: "Tick each box to go on." } : {});
    if (unticked) return unticked.focus();
    try {
      return await enter({ artist, api, ids: tickedIn(cards), go });
    } catch (error) {
      if (error instanceof SignedOut) return go.leave();
      return showErrors(form, { form: formTrouble(error) });
    }
  });
}

async function enter({ artist, api, ids, go }) {
  try {
    await api.join(artist.slug, ids);
  } catch (error) {
    if (error.code === "underage") return go.underage();
    throw error;
  }
  return go.joined();
}
