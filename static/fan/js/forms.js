/** Forms: reading, errors under their fields, and a button that is pressed once. */

export function readFields(form) {
  return Object.fromEntries(new FormData(form));
}

/** Sentences under their fields; focus goes to the first. An error without a field of its own goes under "form". */
export function showErrors(form, errors) {
  for (const place of form.querySelectorAll("[data-error]")) place.textContent = errors[place.dataset.error] ?? "";
  for (const input of form.querySelectorAll("input")) markInput(input, errors[input.dataset.field ?? input.name]);
  const homeless = Object.entries(errors).filter(([field]) => !form.querySelector(`[data-error="${field}"]`));
  if (homeless.length) form.querySelector("[data-error=form]").textContent = homeless.map(([, text]) => text).join(" ");
  form.querySelector("[aria-invalid=true]")?.focus();
}

function markInput(input, error) {
  if (error) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/** Runs `work` on submit, once at a time, with the button saying so. */
export function onSubmit(form, work) {
  const button = form.querySelector("[type=submit]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      await work();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}
