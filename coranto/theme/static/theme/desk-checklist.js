// Keeps the checklist beside the editor as new as the last save, and leads from a point to its place.

const panel = document.querySelector("[data-desk-checklist]");
const NARROW = "(max-width: 799px)";
const PATIENCE = 20;
const WRITABLE = "input:not([type=hidden]), textarea, select, [contenteditable=true]";

let asked = 0;
let polls = 0;
let settling;

function part(root, name) {
  return root.querySelector(`[data-desk-checklist-${name}]`);
}

function place(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const list = part(fresh, "list");
  if (!list) return; // signed out meanwhile: what came is another page
  const said = part(fresh, "summary").textContent.trim();
  const summary = part(panel, "summary");
  // A screen reader speaks what changes here: the same words again would be noise.
  if (summary.textContent.trim() !== said) summary.textContent = said;
  const held = document.activeElement?.dataset?.deskAnchor;
  const old = part(panel, "list");
  const hadFocus = old.contains(document.activeElement);
  const unfolded = list.querySelector("details");
  if (unfolded) unfolded.open = old.querySelector("details")?.open ?? false;
  old.replaceWith(list);
  if (hadFocus) (list.querySelector(`[data-desk-anchor="${CSS.escape(held ?? "")}"]`) ?? focusable(summary)).focus();
  count(Number(list.dataset.blocking));
  if (Number(list.dataset.waiting) && polls < PATIENCE) {
    polls += 1;
    settle(2000);
  }
}

function focusable(element) {
  element.tabIndex = -1;
  return element;
}

function count(blocking) {
  const counter = document.querySelector('[data-side-panel-toggle="checklist"] [data-side-panel-toggle-counter]');
  if (!counter) return;
  counter.textContent = String(blocking);
  counter.hidden = blocking === 0;
}

async function ask(url, options = {}) {
  asked += 1;
  const mine = asked;
  const headers = { "X-Requested-With": "XMLHttpRequest" };
  try {
    const answer = await fetch(url, { ...options, headers });
    // An older answer that comes late would put back what was put right.
    if (answer.ok && mine === asked) place(await answer.text());
  } catch {
    // No connection: the next save asks again, and publishing asks in any case.
  }
}

function refresh() {
  if (!panel.dataset.url.includes("/0/")) ask(panel.dataset.url);
}

function settle(delay) {
  clearTimeout(settling);
  settling = setTimeout(refresh, delay);
}

function find(path) {
  const selector = path.split(".").filter(Boolean).map((name) => `[data-contentpath="${CSS.escape(name)}"]`);
  return document.querySelector(selector.join(" ")) ?? document.querySelector(`#id_${CSS.escape(path)}`);
}

function uncover(element) {
  for (let each = element; each; each = each.parentElement) {
    if (each.matches('[role="tabpanel"]')) {
      const tab = document.querySelector(`[role="tab"][aria-controls="${each.id}"], [role="tab"][href="#${each.id}"]`);
      if (each.hidden) tab?.click();
    }
    const toggle = each.querySelector(":scope > .w-panel__header [data-panel-toggle]");
    if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
  }
}

function show(path) {
  if (path === "notes") {
    const notes = document.querySelector('[data-side-panel-toggle="comments"]');
    notes?.click();
    return Boolean(notes);
  }
  const element = find(path);
  if (!element) return false;
  if (window.matchMedia(NARROW).matches) document.querySelector("[data-form-side-close-button]")?.click();
  uncover(element);
  element.scrollIntoView({ block: "center" });
  const control = element.querySelector(WRITABLE) ?? element.querySelector("button");
  (control ?? focusable(element)).focus({ preventScroll: true });
  element.classList.add("desk-checklist__shown");
  setTimeout(() => element.classList.remove("desk-checklist__shown"), 2000);
  return true;
}

if (panel) {
  panel.addEventListener("click", (event) => {
    const link = event.target.closest("[data-desk-anchor]");
    if (link && show(link.dataset.deskAnchor)) event.preventDefault();
  });
  panel.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-desk-check-links]")) return;
    event.preventDefault();
    polls = 0;
    ask(event.target.action, { method: "POST", body: new FormData(event.target) });
  });
  document.addEventListener("w-autosave:success", (event) => {
    const id = event.detail?.data?.pk;
    if (id) panel.dataset.url = panel.dataset.url.replace("/0/", `/${id}/`);
    polls = 0;
    settle(1000);
  });
}
