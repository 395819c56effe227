// The editor's forms save themselves, and are sent by hand: one after the other, never at once. At once the two would
// meet on the server, where a new page would be made twice, or one would write over what the other did.

(() => {
  const form = document.querySelector("form[data-edit-form]");
  if (!form) return;
  const PATIENCE = 10_000;

  let isSaving = false; // by itself
  let isLeaving = false; // sent by hand, and not yet answered
  let waiting = null; // a hand that came while the form was saving itself: the button it pressed
  let patience = null;

  const send = () => {
    clearTimeout(patience);
    if (waiting === null) return;
    const { name, value } = waiting;
    waiting = null;
    isSaving = false;
    if (name) {
      // The button itself may be disabled by now, and a disabled one says nothing.
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    form.requestSubmit();
  };

  // What is sent by hand holds all that a saving would.
  form.addEventListener("w-autosave:save", (event) => {
    if (waiting !== null || isLeaving) event.preventDefault();
    else isSaving = true;
  });
  for (const end of ["success", "error"]) {
    form.addEventListener(`w-autosave:${end}`, () => {
      isSaving = false;
      setTimeout(send);
    });
  }

  form.addEventListener(
    "submit",
    (event) => {
      if (!isSaving) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (waiting === null) patience = setTimeout(send, PATIENCE);
      waiting = { name: event.submitter?.name, value: event.submitter?.value };
    },
    { capture: true },
  );
  form.addEventListener("submit", (event) => (isLeaving = !event.defaultPrevented));

  // Wagtail begins to look for changes two seconds after it opened the form, and once more a moment later: what was
  // typed until then would wait for the next change.
  let isTouched = false;
  for (const kind of ["input", "change", "paste", "drop"]) form.addEventListener(kind, () => (isTouched = true));
  form.addEventListener("w-autosave:save", () => (isTouched = false));
  form.addEventListener("w-unsaved:watch-edits", () => {
    if (isTouched) form.dispatchEvent(new CustomEvent("w-unsaved:add", { cancelable: true, detail: { type: "edits" } }));
  });

  // Whoever sent the form and can still touch it has stayed.
  for (const kind of ["focusin", "pointerdown", "keydown"]) {
    form.addEventListener(kind, () => (isLeaving = false), { capture: true });
  }
})();
