// Where a reader left off: kept in this browser and told to nobody.

const KEPT = "coranto.places";
const MOST = 20;
const DAYS = 30;
const LINE = 0.4; // of the screen's height: what stands there is being read
const [BEGUN, DONE] = [0.2, 0.9];

const stream = document.querySelector("[data-stream]");
const lead = document.querySelector("main > .article");
const furthest = new Map(); // how far each article on this page was read, in blocks and parts of them

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]").filter(({ at }) => Date.now() - at < DAYS * 864e5);
  } catch {
    return []; // storage is switched off, or somebody else's words are in it
  }
}

function remember(places) {
  try {
    if (places.length) localStorage.setItem(KEPT, JSON.stringify(places.slice(0, MOST)));
    else localStorage.removeItem(KEPT);
  } catch {
    // It is off or full: there is no place to come back to, and nothing else is amiss.
  }
}

function blocksOf(article) {
  return [...article.querySelectorAll(".article__body > :not(.fold), .fold__rest > *")];
}

function idOf(article) {
  return article === lead ? stream.dataset.stream : article.closest("[data-piece]").dataset.piece;
}

// The article across the line, and how far its text was read: 12.4 is within its thirteenth block.
function look() {
  const line = innerHeight * LINE;
  for (const article of document.querySelectorAll("main > .article, [data-piece] > .article")) {
    const { top, bottom } = article.getBoundingClientRect();
    if (top > line || bottom <= line) continue;
    const blocks = blocksOf(article);
    const at = blocks.findLastIndex((each) => each.getClientRects().length && each.getBoundingClientRect().top <= line);
    if (at < 0) return;
    const box = blocks[at].getBoundingClientRect();
    const read = at + Math.min(1, (line - box.top) / (box.height || 1));
    const before = furthest.get(idOf(article))?.read ?? 0;
    furthest.set(idOf(article), { read: Math.max(read, before), portion: Math.max(read, before) / blocks.length });
    return;
  }
}

function keep() {
  if (!furthest.size) return;
  const at = Date.now();
  const others = recall().filter(({ id }) => !furthest.has(id));
  const begun = [...furthest].filter(([, { portion }]) => portion > BEGUN && portion < DONE);
  remember([...begun.map(([id, { read, portion }]) => ({ id, read, portion, at })), ...others]);
}

function offer({ read }) {
  lead.before(document.importNode(document.getElementById("place-kept").content, true));
  const bar = document.querySelector(".place");
  const leave = (target) => {
    bar.remove();
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  };
  bar.querySelector("[data-continue]").addEventListener("click", () => {
    const block = blocksOf(lead).at(Math.trunc(read)) ?? lead;
    const { top, height } = block.getBoundingClientRect();
    leave(block);
    scrollTo({ top: scrollY + top + (read % 1) * height - innerHeight * LINE, behavior: "instant" });
  });
  bar.querySelector("[data-forget]").addEventListener("click", () => {
    remember([]);
    stopKeeping();
    stream.querySelector(":scope > [role=status]").textContent = stream.dataset.forgotten;
    leave(document.querySelector("main"));
  });
  bar.querySelector("[data-dismiss]").addEventListener("click", () => leave(document.querySelector("main")));
  addEventListener("scroll", () => scrollY > innerHeight && !bar.matches(":focus-within") && bar.remove());
}

let isAwaited = false;

function onScroll() {
  if (isAwaited) return;
  isAwaited = true;
  requestAnimationFrame(() => {
    isAwaited = false;
    look();
  });
}

const listening = new AbortController();

function stopKeeping() {
  listening.abort();
}

function begin() {
  const { signal } = listening;
  const [arrival] = performance.getEntriesByType("navigation");
  const place = recall().find(({ id }) => id === stream.dataset.stream);
  // Whoever comes back or loads again is put where they were, and a link to a place means that place.
  if (place && arrival?.type === "navigate" && !location.hash) offer(place);
  addEventListener("scroll", onScroll, { passive: true, signal });
  addEventListener("scrollend", keep, { signal });
  addEventListener("pagehide", keep, { signal });
  document.addEventListener("visibilitychange", keep, { signal });
}

if (stream && lead) begin();
