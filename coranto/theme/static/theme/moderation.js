// The editors' screen for comments. Its form works without this; with it, one key decides, and the page stays where
// it is: the answer to the form is the same page anew, of which the list is taken.

(() => {
  const KEYS = { a: "approve", s: "spam", b: "bin" };
  const screen = () => document.querySelector("[data-moderation]");
  const entries = () => [...document.querySelectorAll("[data-moderation-entry]")];

  function focusOn(entry) {
    if (!entry) return;
    for (const each of entries()) each.tabIndex = each === entry ? 0 : -1;
    entry.focus();
    entry.scrollIntoView({ block: "nearest" });
  }

  function dress() {
    const all = document.querySelector("[data-moderation-all]");
    if (!all) return;
    all.hidden = false;
    document.querySelector("[data-moderation-keys]").hidden = false;
    all.querySelector("input").addEventListener("change", ({ target }) => {
      for (const box of document.querySelectorAll("[data-moderation-entry] input[name=comment]")) box.checked = target.checked;
    });
  }

  function say(from) {
    for (const item of from.querySelectorAll(".messages li")) {
      for (const act of item.querySelectorAll("a, button")) act.remove(); // they lead to nothing here
      const type = ["error", "warning"].find((each) => item.classList.contains(each)) ?? "success";
      document.dispatchEvent(new CustomEvent("w-messages:add", { detail: { clear: true, text: item.textContent.trim(), type } }));
    }
  }

  async function send(form, button) {
    const here = button.closest("[data-moderation-entry]");
    const place = entries().indexOf(here);
    const data = new FormData(form, button);
    screen().setAttribute("aria-busy", "true");
    let fresh;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!fresh.querySelector("[data-moderation]")) throw new Error("another page");
    } catch {
      // The browser sends it by itself and shows what comes; what was decided already is not decided twice.
      screen().removeAttribute("aria-busy");
      form.dataset.plain = "1";
      form.requestSubmit(button);
      return;
    }
    const failed = fresh.querySelector(".messages .error") !== null;
    const stays = here !== null || failed;
    // Whatever was ticked stays so; what is being written about the others stays as it is.
    const ticked = new Set([...form.querySelectorAll("[data-moderation-entry] input[name=comment]:checked")].map((box) => box.value));
    const written = new Map([...form.querySelectorAll("select[id], textarea[id]")].map((field) => [field.id, field]));
    screen().replaceWith(document.adoptNode(fresh.querySelector("[data-moderation]")));
    dress();
    for (const box of document.querySelectorAll("[data-moderation-entry] input[name=comment]")) {
      if (stays && ticked.has(box.value)) box.checked = true;
    }
    for (const [id, before] of written) {
      const field = document.getElementById(id);
      if (!field || (!stays && id.endsWith("-ticked"))) continue;
      field.value = before.value;
      field.closest("details").open = before.closest("details").open;
    }
    say(fresh);
    const again = failed && document.querySelector(`[data-moderation] [name="${button.name}"][value="${button.value}"]`);
    const next = entries()[here ? Math.min(place, entries().length - 1) : 0];
    if (again) (again.closest("details")?.querySelector("select") ?? again).focus();
    else if (next) focusOn(next);
    else document.querySelector(".moderation-tabs [aria-current]")?.focus();
  }

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    // "All that match" asks once more, on a page of its own.
    if (!form.matches("[data-moderation-form]") || !submitter || form.dataset.plain) return;
    if (submitter.name === "bulk" && form.elements.all?.checked) return;
    event.preventDefault();
    if (screen().getAttribute("aria-busy") !== "true") send(form, submitter);
  });

  document.addEventListener("keydown", (event) => {
    const entry = event.target.closest?.("[data-moderation-entry]");
    if (!entry || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("textarea, select, input:not([type=checkbox])")) return;
    const at = entries().indexOf(entry);
    const act = KEYS[event.key];
    if (event.key === "j") focusOn(entries()[at + 1]);
    else if (event.key === "k") focusOn(entries()[at - 1]);
    else if (event.key === "x") entry.querySelector("input[name=comment]").click();
    else if (event.key === "h") entry.querySelector("[data-moderation-person]")?.click();
    else if (event.key === "r") {
      const reject = entry.querySelector("[data-moderation-reject]");
      if (!reject) return;
      reject.open = true;
      reject.querySelector("select").focus();
    } else if (act) entry.querySelector(`[data-act="${act}"]`)?.click();
    else return;
    event.preventDefault();
  });

  dress();
})();
