// Which passage a correction is about: copied from what differs, which is asked for anew when the draft was saved.

(() => {
  const box = document.querySelector("[data-changed-passages]");
  const form = box?.closest("form");
  const field = form?.elements[box.dataset.field];
  if (!field) return;

  const offer = () => {
    for (const button of box.querySelectorAll("[data-passage]")) button.hidden = false;
  };

  box.addEventListener("click", (event) => {
    const passage = event.target.closest("[data-passage]")?.dataset.passage;
    if (!passage) return;
    field.value = passage;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });

  let asked = 0;
  const ask = async () => {
    const id = /\/pages\/(\d+)\/edit\//.exec(form.action)?.[1];
    const address = box.dataset.changedPassages || (id && form.dataset.changesUrl);
    if (!address) return;
    const mine = ++asked;
    try {
      const answer = await fetch(address, { headers: { "x-requested-with": "XMLHttpRequest" } });
      if (!answer.ok || mine !== asked) return;
      box.innerHTML = await answer.text();
      offer();
    } catch {
      // The list stays as it was; the field takes any words.
    }
  };

  form.elements.change_kind?.addEventListener("change", ask);
  document.addEventListener("w-autosave:success", ask);
  offer();
})();
