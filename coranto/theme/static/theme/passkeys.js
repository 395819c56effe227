// The buttons that ask for a passkey: pressed before django-allauth's scripts know them they would do nothing, so they
// wait for that; and what it says to nobody when no passkey came is said to the reader.

document.addEventListener("DOMContentLoaded", () => {
  const [refused, missing] = ["refused", "missing"].map((name) => document.querySelector(`[data-passkey-${name}]`));
  let pressed = null;

  for (const button of document.querySelectorAll("[data-passkey]")) {
    if (window.PublicKeyCredential) {
      button.disabled = false;
      button.addEventListener("click", () => {
        pressed = button;
        refused.hidden = true;
      });
    } else {
      button.replaceWith(missing);
      missing.hidden = false;
    }
  }

  document.addEventListener("allauth.error", () => {
    const acts = pressed.closest(".button-row") ?? pressed;
    acts.after(refused);
    refused.hidden = false;
  });
});
