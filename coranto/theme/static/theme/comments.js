// Makes commenting shorter where scripts run: the form opens where one answers, asks nobody for a name it knows, and what
// was written by oneself, or by somebody one has muted, is told. The page itself is the same for every reader; who
// this one is, is asked only of a browser that has written here before, or is about to.

const section = document.querySelector("[data-comments]");
const KNOWN = "coranto-comments"; // whether this browser has written here: nothing else is kept

function remembered() {
  try {
    return localStorage.getItem(KNOWN) === "1";
  } catch {
    return false; // storage is shut: nobody is asked before the form opens
  }
}

function remember(known) {
  try {
    if (known) localStorage.setItem(KNOWN, "1");
    else localStorage.removeItem(KNOWN);
  } catch {
    // As above.
  }
}

let asked = null;

function me() {
  asked ??= fetch(section.dataset.me, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : {}))
    .catch(() => ({}));
  return asked;
}

async function fit(form) {
  const { known, name, signed_in: isReader } = await me();
  remember(known);
  if (!known) return;
  for (const field of ["email", ...(name ? ["name"] : [])]) form.elements[field]?.closest(".field")?.remove();
  form.querySelector("[data-unknown]")?.remove();
  const told = form.querySelector("[data-known]");
  if (!told || !name) return;
  told.querySelector("[data-name]").textContent = name;
  if (isReader) told.querySelector("[data-guest]")?.remove();
  told.hidden = false;
}

// Whoever comes back to this page finds their words, which the browser keeps, and nothing of what they answered.
function note(answered) {
  const { answered: _before, ...others } = history.state ?? {};
  history.replaceState(answered ? { ...others, answered } : history.state && others, "");
}

function answer(link, details) {
  const form = details.querySelector("form");
  form.elements.parent.value = link.dataset.reply;
  link.closest(".comment").after(details);
  details.open = true;
  note(link.dataset.reply);
  form.elements.words.focus();
}

function answerNobody(details) {
  if (details.open) return;
  details.querySelector("form").elements.parent.value = "";
  note(null);
  section.append(details);
}

function write(details) {
  const form = details.querySelector("form");
  form.elements.words.focus();
  fit(form);
}

async function tell() {
  const { mark, muted = [] } = await me();
  for (const comment of section.querySelectorAll("[data-by]")) {
    if (comment.dataset.by === mark) comment.classList.add("comment--own");
    if (muted.includes(comment.dataset.by)) comment.classList.add("comment--muted");
  }
}

// A comment one is led to is shown, folded away or not.
function unfold() {
  const target = location.hash.startsWith("#comment-") && document.getElementById(location.hash.slice(1));
  const fold = target && target.closest("details");
  if (!fold || fold.open) return;
  fold.open = true;
  target.scrollIntoView();
}

function begin() {
  const details = section.querySelector("details.comments__write");
  if (details) {
    details.addEventListener("toggle", () => (details.open ? write(details) : answerNobody(details)));
    section.addEventListener("click", (event) => {
      const link = event.target.closest("[data-reply]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      answer(link, details);
    });
    details.querySelector("form").addEventListener("submit", () => remember(true));
    const answered = section.querySelector(`[data-reply="${Number(history.state?.answered)}"]`);
    if (answered) answer(answered, details);
  }
  const following = section.querySelector("details.comments__follow");
  following?.addEventListener("toggle", () => following.open && fit(following.querySelector("form")));
  if (remembered()) tell();
  unfold();
  addEventListener("hashchange", unfold);
}

if (section) begin();
