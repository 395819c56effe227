// Reading on: after an article come further ones, whole. Where this does not run, links lead to them.
//
// Each article that is reached has an entry of its own in the history, with the place in it. What was put together is
// kept for as long as the tab is open, so that going back and loading again bring it back.

const AUTOMATIC = 2; // then the reader is asked: the foot of the page stays in reach
const AHEAD = 1.5; // screens
const LINE = 0.4; // of the screen: the article there is the one being read
const SHOWN = "coranto.shown";

const stream = document.querySelector("[data-stream]");
const section = document.querySelector("[data-onward]");
const lead = document.querySelector("main > .article");
const canonical = document.querySelector("link[rel=canonical]");
const leading = {
  element: lead,
  id: stream?.dataset.stream,
  title: document.title,
  address: location.pathname + location.search,
  canonical: canonical?.href,
};
const session = { key: "", entry: 0, last: 0, automatic: 0, reached: [], places: {} };
let current = leading;

function recall(name, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise; // storage is switched off, or somebody else's words are in it
  }
}

function remember(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage is off or full: reading on works, coming back does not.
  }
}

// Every article on the page, from top to bottom.
function articles() {
  return [...document.querySelectorAll("main > .article, [data-piece]")].map((element) =>
    element === lead ? leading : { element, id: element.dataset.piece, ...element.dataset },
  );
}

// What there is to read next --------------------------------------------------------------------------------

const asked = new Map(); // promises of pieces, by id
const failed = new Set();
const exhausted = new Set();

async function fragment(name, id) {
  const response = await fetch(`/-/fragments/${name}/?article=${id}`);
  return new DOMParser().parseFromString(response.ok ? await response.text() : "", "text/html");
}

function pieceOf(id) {
  if (!asked.has(id)) {
    const made = fragment("piece", id).then((found) => prepared(found.querySelector("[data-piece]")));
    asked.set(id, made);
    made.catch(() => asked.delete(id)); // the line is down; it may be up again
  }
  return asked.get(id);
}

function prepared(piece) {
  if (!piece) return null;
  for (const each of piece.querySelectorAll("noscript")) each.remove(); // what is in it would be there, not hidden
  for (const each of piece.querySelectorAll("h2, h3, h4, h5")) {
    // The headline is an h2 here: what stands below it is a level lower than on the article's own page.
    if (!each.matches(".article__headline")) each.setAttribute("aria-level", Number(each.tagName[1]) + 1);
  }
  return document.importNode(piece, true);
}

function items() {
  return [...section.querySelectorAll("[data-next]")];
}

// What was read is taken away, what cannot be had stays at the end as a link; the first is what the button says.
function tidy() {
  const known = new Set([...recall(SHOWN, []), ...articles().map((each) => each.id)]);
  for (const each of items()) {
    if (known.has(each.dataset.next)) each.remove();
    else if (failed.has(each.dataset.next)) each.parentElement.append(each);
  }
  const [first] = items();
  section.hidden = !first;
  if (!first) return;
  const [link, more] = [first.querySelector("a"), section.querySelector("[data-more]")];
  more.href = link.href;
  more.querySelector("[data-headline]").textContent = link.textContent.trim();
}

function candidate() {
  tidy();
  return items().find((each) => !failed.has(each.dataset.next))?.dataset.next;
}

async function askForLinks() {
  const { id } = articles().at(-1);
  if (exhausted.has(id)) return;
  const links = await fragment("onward", id);
  exhausted.add(id);
  const known = new Set(items().map((each) => each.dataset.next));
  for (const each of links.querySelectorAll("[data-next]")) {
    if (!known.has(each.dataset.next)) section.querySelector("ul").append(document.importNode(each, true));
  }
}

async function nextPiece() {
  for (;;) {
    if (!candidate()) await askForLinks();
    const id = candidate();
    if (!id) return null;
    const piece = await pieceOf(id);
    if (!piece) failed.add(id);
    else if (!piece.isConnected) return piece;
  }
}

// Putting articles together -----------------------------------------------------------------------------------

function headlineOf(element) {
  return element.querySelector(".article__headline");
}

function giveSteps(element) {
  if (element.querySelector(".steps")) return;
  element.prepend(document.importNode(document.getElementById("stream-steps").content, true));
}

function putIn(piece, { before = false } = {}) {
  giveSteps(piece);
  giveSteps(lead);
  if (before) lead.before(piece);
  else stream.append(piece);
  document.dispatchEvent(new CustomEvent("coranto:added", { detail: piece }));
}

async function add(piece) {
  putIn(piece);
  stream.querySelector(":scope > [role=status]").textContent = `${stream.dataset.added} ${headlineOf(piece).textContent}`;
  if (!candidate()) await askForLinks().then(tidy, () => {});
}

function isNear() {
  const { top } = section.getBoundingClientRect();
  return top >= innerHeight && top < innerHeight * (1 + AHEAD);
}

let isBusy = false;
let pressed = null; // what a press asked for and has not got yet

// By itself only where nobody sees it happen: what is on the screen stays where it is.
async function approach() {
  if (isBusy || pressed || session.automatic >= AUTOMATIC || section.hidden || !isNear()) return;
  isBusy = true;
  try {
    const piece = await nextPiece();
    await new Promise(requestAnimationFrame); // a task may scroll before it is drawn, the rest of a frame does not
    if (piece && !pressed && isNear()) {
      session.automatic += 1;
      await add(piece);
    }
  } catch {
    session.automatic = AUTOMATIC; // the line is down: the links are there
  } finally {
    isBusy = false;
  }
}

function readNext() {
  pressed ??= makeRoomAndRead().finally(() => (pressed = null));
  return pressed;
}

// The room for it is made at once, so that nothing moves when it comes.
async function makeRoomAndRead() {
  const slot = document.createElement("div");
  slot.className = "stream__slot";
  stream.append(slot);
  const piece = await nextPiece().catch(() => null);
  slot.remove();
  if (piece) await add(piece);
  return piece;
}

// Which one is being read -------------------------------------------------------------------------------------

function follow() {
  const line = innerHeight * LINE;
  const found = articles().find(({ element }) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top <= line && bottom > line;
  });
  if (found && found.id !== current.id) arriveAt(found);
}

function arriveAt(article) {
  current = article;
  for (const { element, id } of articles()) element.toggleAttribute("data-reading", id === article.id);
  document.title = article.title;
  if (canonical) canonical.href = article.canonical;
  if (session.reached.includes(article.id)) {
    history.replaceState(history.state, "", article.address);
  } else {
    session.reached.push(article.id);
    session.entry = session.last += 1;
    history.pushState({ stream: session.key, entry: session.entry }, "", article.address);
  }
  markAsShown(article.id);
}

function markAsShown(id) {
  remember(SHOWN, [...new Set([...recall(SHOWN, []), id])].slice(-500));
}

// From the headline: above it a piece has something that the article's own page has not.
function topOf({ element }) {
  return headlineOf(element).getBoundingClientRect().top;
}

// The comments below an article are a place of it, too.
function notePlace() {
  session.places[session.entry] = { article: current.id, offset: -topOf(current) };
}

function keep() {
  const open = [...document.querySelectorAll("[data-piece] .fold[open]")].map((each) => each.closest("[data-piece]").dataset.piece);
  remember(`coranto.stream.${session.key}`, { ...session, open, order: articles().map((each) => each.id) });
}

let broughtTo = null; // by us: until the reader goes on from there, the article is the one it was when they left

function goTo({ article, offset }) {
  const found = articles().find((each) => each.id === article);
  if (article && !found) {
    location.reload(); // it is not on this page; it has one of its own
    return;
  }
  scrollTo({ top: (found ? scrollY + topOf(found) : 0) + offset, behavior: "instant" });
  broughtTo = scrollY;
  if (found && found.id !== current.id) arriveAt(found);
}

async function bringBack({ order, open }) {
  const pieces = await Promise.all(order.map((id) => (id === leading.id ? lead : pieceOf(id).catch(() => null))));
  const root = document.documentElement;
  root.style.overflowAnchor = "none"; // we see to it
  const { top } = lead.getBoundingClientRect();
  let before = true;
  for (const piece of pieces) {
    if (piece === lead) before = false;
    else if (piece) putIn(piece, { before });
    const fold = open.includes(piece?.dataset.piece) && piece.querySelector(".fold");
    if (fold) fold.open = true; // it may have become shorter since
  }
  tidy();
  scrollBy({ top: lead.getBoundingClientRect().top - top, behavior: "instant" });
  root.style.overflowAnchor = "";
}

// What readers do ---------------------------------------------------------------------------------------------

function focusOn(element) {
  const target = headlineOf(element) ?? element;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

function stepTo(element, isSmooth) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  focusOn(element);
  element.scrollIntoView({ behavior: isSmooth && !isStill ? "smooth" : "instant", block: "start" });
}

async function step(button) {
  const { step: by } = button.dataset;
  if (by === "end") return stepTo(document.querySelector(".colophon"), false); // not by way of what lies between
  const all = articles().map((each) => each.element);
  const here = all.indexOf(button.closest("main > .article, [data-piece]"));
  stepTo(all[here + Number(by)] ?? (await readNext()) ?? section, true);
}

const CHOICES = "[data-step], [data-more], [data-print], .fold > summary, [data-piece] a[href*='#']";

function onClick(event) {
  const target = event.target.closest(CHOICES);
  if (!target || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const article = articles().find(({ element }) => element.contains(target));
  if (target.matches("[data-step]")) step(target);
  else if (target.matches("[data-print]")) arriveAt(article);
  else if (target.matches("summary")) unfold(target.parentElement, article);
  else if (target.matches("[data-more]")) readOn(target, event);
  else if (target.pathname === location.pathname) {
    // While the address bar says that this is the article's own page, the browser would look for the place here.
    keep();
    history.replaceState(history.state, "", leading.address);
  }
}

async function readOn(link, event) {
  if (!candidate()) return; // it is a link
  event.preventDefault();
  const piece = await readNext();
  if (piece) focusOn(piece);
  else location.assign(link.href);
}

function unfold(fold, article) {
  if (fold.open) return;
  arriveAt(article);
  requestAnimationFrame(() => focusOn(fold.querySelector(".fold__rest > *")));
}

// A fold is none on paper.
function onPrint(isBefore) {
  for (const fold of current.element.querySelectorAll(isBefore ? ".fold:not([open])" : ".fold[data-printing]")) {
    fold.open = isBefore;
    fold.toggleAttribute("data-printing", isBefore);
  }
}

function onPopState({ state }) {
  if (!state) {
    // A link to a place on this page made a new entry.
    session.entry = session.last += 1;
    history.replaceState({ stream: session.key, entry: session.entry }, "");
  } else if (state.stream !== session.key) {
    location.reload();
  } else {
    session.entry = state.entry;
    if (session.places[state.entry]) goTo(session.places[state.entry]);
  }
}

let isAwaited = false;

function onScroll() {
  if (isAwaited) return;
  isAwaited = true;
  requestAnimationFrame(() => {
    isAwaited = false;
    if (scrollY !== broughtTo) {
      broughtTo = null;
      follow();
    }
    notePlace();
    approach();
  });
}

async function begin() {
  const { stream: key = "", entry = 0 } = history.state ?? {};
  const kept = recall(`coranto.stream.${key}`, null);
  const isKept = kept?.order?.includes(leading.id);
  Object.assign(session, isKept ? { ...kept, entry } : { key: Date.now().toString(36), reached: [leading.id] });
  history.replaceState({ ...history.state, stream: session.key, entry: session.entry }, "");
  history.scrollRestoration = "manual";
  lead.toggleAttribute("data-reading", true);
  markAsShown(leading.id);
  tidy();
  if (isKept) {
    goTo(session.places[entry]?.article === leading.id ? session.places[entry] : { offset: scrollY });
    await bringBack(kept);
    const place = session.places[entry];
    // An article that could not be brought back is not to be had now: loading this page again would change nothing.
    if (place && articles().some(({ id }) => id === place.article)) goTo(place);
  }
  notePlace();
  for (const name of ["scroll", "resize"]) addEventListener(name, onScroll, { passive: true });
  addEventListener("popstate", onPopState);
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", keep);
  addEventListener("beforeprint", () => onPrint(true));
  addEventListener("afterprint", () => onPrint(false));
  document.addEventListener("click", onClick, true);
  approach();
}

const { saveData, effectiveType } = navigator.connection ?? {};
const savesData = saveData || /2g$/.test(effectiveType) || matchMedia("(prefers-reduced-data: reduce)").matches;

if (stream && section && lead && !savesData) begin();
