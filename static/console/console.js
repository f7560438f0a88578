// Unfold hides the page until Alpine is up, and a hidden field takes no focus: so it is given once everything is shown.
window.addEventListener("load", () => {
  const field = document.querySelector("[autofocus]");
  if (field && document.activeElement === document.body) field.focus();
});
