/** The sign-up view: the disclosure comes first, and nothing is sent before it was shown. */

import { ConfirmationPending } from "./auth.js";
import { firstUnticked, showDisclosures, tickedIn } from "./disclosures.js";
import { show } from "./dom.js";
import { onSubmit, readFields, showErrors } from "./forms.js";
import { countryOf, fieldErrors, readSignUp } from "./signup_form.js";
import { formTrouble } from "./texts.js";

const UNTICKED = "Tick each box to go on.";

/** go: {entered(ids), underage(), confirm(email)}. */
export async function signUpView({ artist, api, auth, go }) {
  const form = show("signup", artist).querySelector("form");
  const cards = form.querySelector("[data-disclosures]");
  const tell = teller(form, cards, () => api.publicDisclosures(artist.slug, countryOf(navigator.language)));
  onSubmit(form, async () => {
    if (!(await tell())) return;
    const body = checked(form, cards);
    if (body)
      await submit(form, () => auth.signUp(body), { ...go, done: () => go.entered(tickedIn(cards)) }, body.email);
  });
  await tell();
}

/** Shows the disclosures once; tries again when they could not be had. */
function teller(form, cards, load) {
  let told = false;
  return async () => {
    if (told) return true;
    try {
      showDisclosures(cards, (await load()).items);
      told = true;
    } catch (error) {
      showErrors(form, { form: formTrouble(error) });
    }
    return told;
  };
}

/** The body to send, or null with the errors shown. */
function checked(form, cards) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const read = readSignUp(readFields(form), { locale: navigator.language, timeZone, today: new Date() });
  const unticked = firstUnticked(cards);
  showErrors(form, { ...read.errors, ...(unticked && { disclosures: UNTICKED }) });
  if (!read.errors) unticked?.focus();
  return unticked ? null : (read.body ?? null);
}

async function submit(form, signUp, go, email) {
  try {
    await signUp();
  } catch (error) {
    if (error instanceof ConfirmationPending) return go.confirm(email);
    if (error.code === "underage") return go.underage();
    const known = error.status === 400 ? fieldErrors(error.body) : {};
    return showErrors(form, Object.keys(known).length ? known : { form: formTrouble(error) });
  }
  return go.done();
}
