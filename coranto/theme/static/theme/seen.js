// Reports that an article is being read, once it has been in sight for five seconds, and shows the number that comes
// back. It sends which article it is, from which site the reader came, and in which language the page writes numbers; it
// keeps nothing in the browser.

const ENOUGH = 5000; // milliseconds in sight, altogether

// An article as an element, with how long it has been in sight, and since when it is.
const watched = new Map();
const reported = new Set();

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const state = watched.get(target);
      if (!state) continue;
      state.inSight = isIntersecting;
      settle(target, state);
    }
  },
  { rootMargin: "-20% 0%" }, // what merely peeps in below the one that is read is not read yet
);

function settle(element, state) {
  const now = performance.now();
  if (state.since !== null) state.seen += now - state.since;
  clearTimeout(state.timer);
  state.since = state.inSight && document.visibilityState === "visible" ? now : null;
  if (state.seen >= ENOUGH) return report(element);
  if (state.since !== null) state.timer = setTimeout(() => settle(element, state), ENOUGH - state.seen);
}

function watch(element) {
  const article = element.dataset.seen;
  if (!article || reported.has(article) || watched.has(element)) return;
  watched.set(element, { inSight: false, since: null, seen: 0, timer: 0 });
  observer.observe(element);
}

async function report(element) {
  const article = element.dataset.seen;
  observer.unobserve(element);
  watched.delete(element);
  if (reported.has(article)) return;
  reported.add(article);
  try {
    const answer = await fetch("/-/seen", {
      method: "POST",
      body: new URLSearchParams({ article, referrer: referrer(element), language: document.documentElement.lang }),
      keepalive: true, // whoever leaves just now has read it all the same
    });
    if (answer.ok) show((await answer.json()).shown);
  } catch {
    // Not counted: to ask again and again would not serve the reader.
  }
}

function show(numbers) {
  for (const [article, number] of Object.entries(numbers)) {
    for (const place of document.querySelectorAll(`[data-views="${article}"]`)) place.textContent = number;
  }
}

// The host alone. Whatever was added while the page was read, the reader came to from here.
const added = new WeakSet();

function referrer(element) {
  if (added.has(element)) return location.host;
  return URL.canParse?.(document.referrer) ? new URL(document.referrer).host : "";
}

function begin() {
  document.querySelectorAll("[data-seen]").forEach(watch);
  document.addEventListener("visibilitychange", () => watched.forEach((state, element) => settle(element, state)));
  document.addEventListener("coranto:added", ({ detail }) => {
    for (const element of [detail, ...detail.querySelectorAll("[data-seen]")]) {
      if (!element.dataset.seen) continue;
      added.add(element);
      watch(element);
    }
  });
}

// A page made ahead of time is not yet a page somebody looks at.
if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
else begin();
