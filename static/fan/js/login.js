/** The log-in view. */

import { ConfirmationPending } from "./auth.js";
import { show } from "./dom.js";
import { onSubmit, readFields, showErrors } from "./forms.js";
import { fieldErrors } from "./signup_form.js";
import { formTrouble } from "./texts.js";

/** go: {entered(ids), confirm(email), mailed(email)}; `why` is said above the form, such as a session that is over. */
export function logInView({ artist, auth, go, why = "" }) {
  const form = show("login", artist).querySelector("form");
  form.querySelector("[data-why]").textContent = why;
  form.elements.email.focus();
  form.querySelector("[data-forgot]").addEventListener("click", () => forgot(form, auth, go));
  onSubmit(form, async () => {
    const { email, password } = readFields(form);
    if (!email.trim() || !password) return showErrors(form, missing(email, password));
    showErrors(form, {});
    return submit(form, auth, { email: email.trim(), password }, go);
  });
}

function missing(email, password) {
  return {
    ...(!email.trim() && { email: "Enter your e-mail address." }),
    ...(!password && { password: "Enter your password." }),
  };
}

async function forgot(form, auth, go) {
  const email = form.elements.email.value.trim();
  if (!email) return showErrors(form, { email: "Enter your e-mail address first." });
  try {
    await auth.forgotPassword(email);
  } catch (error) {
    return showErrors(form, { form: formTrouble(error) });
  }
  return go.mailed(email);
}

async function submit(form, auth, fields, go) {
  try {
    await auth.logIn(fields);
  } catch (error) {
    if (error instanceof ConfirmationPending) return go.confirm(fields.email);
    const known = error.status === 400 ? fieldErrors(error.body) : {};
    return showErrors(form, Object.keys(known).length ? known : { form: formTrouble(error) });
  }
  return go.entered([]);
}
