// What was typed and not yet saved, kept in this browser until it is: after a crash, a closed window or while the
// server is away, the words are offered again.
//
// A copy belongs to an account and to the address of the form. It goes when everything in it is saved, when it is
// thrown away, when its account signs out (desk-session.js), or after a week.

(() => {
  if (!window.corantoDesk) return;
  const { root, form, after, phrase, say, hush, textOfBody } = window.corantoDesk;
  const PREFIX = `coranto:words:${root.dataset.account}:`;
  const KEPT = 7 * 24 * 3600 * 1000;
  const RETRY = 10_000;
  const FORMSETS = ["bylines", "credits", "comments"];
  // What a form says that is none of the words: tokens, and ids that the server hands out while one types.
  const ASIDE = /^(csrfmiddlewaretoken|next|loaded_revision_\w+|overwrite_revision_id|comments-.*)$|-(id|INITIAL_FORMS)$/;

  const path = () => new URL(form.action, location.href).pathname;
  const isNew = () => /\/pages\/add\//.test(path());
  // One form may be open in several windows, and new articles have one address between them.
  const mark = `#${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  const key = () => `${PREFIX}${path()}${mark}`;

  // Rich text by what it says: Draftail writes the same words in another order of keys once it is awake.
  const saying = (value) => {
    if (!value.startsWith('{"') || !value.includes('"blocks"')) return value;
    try {
      const { blocks, entityMap } = JSON.parse(value);
      return blocks.map((block) => [
        block.text,
        block.type,
        block.depth,
        block.inlineStyleRanges.filter(({ style }) => !style.startsWith("COMMENT")).map((range) => Object.values(range).sort()),
        block.entityRanges.map(({ key: entity, offset, length }) => [offset, length, entityMap[entity]?.data]),
      ]);
    } catch {
      return value;
    }
  };

  const dataOf = (formData) => [...formData].filter(([, value]) => typeof value === "string");
  const wordsOf = (data) =>
    JSON.stringify(data.filter(([name]) => !ASIDE.test(name)).map(([name, value]) => [name, saying(value)]));
  const dataNow = () => dataOf(new FormData(form));
  const revisionNow = () => form.elements.loaded_revision_id?.value ?? "";

  // Storage -------------------------------------------------------------------------------------------------

  let isKept = true;
  const keep = (data, isSubmitted = false) => {
    const text = [form.elements.title.value, form.elements.standfirst.value, textOfBody()].filter(Boolean).join("\n\n");
    const copy = { at: Date.now(), revision: revisionNow(), isSubmitted, text, data };
    try {
      localStorage.setItem(key(), JSON.stringify(copy));
      isKept = true;
    } catch {
      isKept = false; // full, or switched off
    }
  };
  const drop = (name) => {
    try {
      localStorage.removeItem(name);
    } catch {
      isKept = false;
    }
  };
  const copies = () => {
    const found = [];
    try {
      for (const name of Object.keys(localStorage)) {
        if (!name.startsWith("coranto:words:")) continue;
        const copy = JSON.parse(localStorage.getItem(name));
        if (Date.now() - copy.at > KEPT) drop(name);
        else if (name.startsWith(PREFIX)) found.push({ ...copy, name });
      }
    } catch {
      isKept = false;
    }
    return found.sort((one, other) => other.at - one.at);
  };

  // Keeping -------------------------------------------------------------------------------------------------

  const panel = document.getElementById("writing-recovery");
  let saved = null; // the words as the server has them
  let pending = null; // those on their way to it
  let last = key();

  const begin = ({ target }) => {
    if (!panel.contains(target)) saved ??= wordsOf(dataNow());
  };
  const look = () => {
    if (saved === null) return;
    const data = dataNow();
    if (wordsOf(data) === saved) drop(key());
    else keep(data);
    if (last !== key()) drop(last); // a new article has got its own address by now
    last = key();
  };
  const lookSoon = after(300, look);

  // The first touch comes before the first change.
  for (const kind of ["focusin", "pointerdown", "keydown", "dragenter"]) form.addEventListener(kind, begin, { capture: true });
  for (const kind of ["input", "keyup", "change", "click", "paste", "drop"]) form.addEventListener(kind, lookSoon);
  form.addEventListener("w-unsaved:add", lookSoon);
  window.addEventListener("pagehide", look);
  document.addEventListener("visibilitychange", () => document.hidden && look());

  form.addEventListener("submit", () => {
    keep(dataNow(), true);
    saved = null; // leaving: nothing is to be written after this
    if (isNew()) sessionStorage.setItem("coranto:submitted", JSON.stringify({ name: key(), path: path() }));
  });

  // Saving --------------------------------------------------------------------------------------------------

  let isAway = false;
  let retrying = null;

  const tryAgain = () => form.dispatchEvent(new CustomEvent("w-unsaved:add", { cancelable: true, detail: { type: "edits" } }));

  form.addEventListener("w-autosave:save", (event) => {
    if (!event.defaultPrevented) pending = wordsOf(dataOf(event.detail.formData));
  });

  form.addEventListener("w-autosave:success", () => {
    saved = pending;
    pending = null;
    clearInterval(retrying);
    retrying = null;
    if (isAway) {
      say(phrase("saved-again"));
      setTimeout(hush, 8000);
    }
    isAway = false;
    look();
    catchUp();
  });

  // Wagtail takes what the form says when an answer comes for what was saved: what was typed while it was on its way
  // would wait for the next change.
  const catchUp = after(1500, () => wordsOf(dataNow()) !== (pending ?? saved) && tryAgain());

  // A form whose session ended holds a token of that session: the new one is in any page.
  const renewToken = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (new URL(answer.url).pathname !== location.pathname) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (token) form.elements.csrfmiddlewaretoken.value = window.wagtailConfig.CSRF_TOKEN = token;
    return true;
  };

  form.addEventListener("w-autosave:error", async ({ detail: { type } }) => {
    pending = null;
    look();
    if (type === "validation_error") return say(phrase("not-valid"), { isUrgent: false });
    if (type === "invalid_revision") return say(phrase("newer"));
    isAway = true;
    retrying ??= setInterval(tryAgain, RETRY);
    say(phrase(isKept ? "unsaved-kept" : "unsaved-lost"));
    if (type === "server_error") {
      try {
        if (!(await renewToken())) say(phrase("signed-out"));
      } catch {
        // It does not answer at all: that is what stands there.
      }
    }
  });
  window.addEventListener("online", () => isAway && tryAgain());

  // Restoring -----------------------------------------------------------------------------------------------

  const refused = panel.querySelector("[data-writing-refused]");

  // Rows that were saved after the copy was made have ids it does not know: those of the form stand.
  const mended = (data) => {
    const now = dataNow();
    const valueIn = (list, name) => list.find(([each]) => each === name)?.[1];
    const body = new FormData();
    const known = (name) =>
      FORMSETS.some((set) => {
        const count = `${set}-INITIAL_FORMS`;
        return name.startsWith(`${set}-`) && valueIn(data, count) !== valueIn(now, count);
      });
    const isOurs = (name) => /^(csrfmiddlewaretoken|loaded_revision_\w+)$/.test(name) || known(name);
    for (const [name, value] of data) if (!isOurs(name) && name !== "overwrite_revision_id") body.append(name, value);
    for (const [name, value] of now) if (isOurs(name)) body.append(name, value);
    return body;
  };

  // The copy becomes the newest draft by the same way as every draft; what stood there stays in the history.
  const restore = async (copy) => {
    const headers = { Accept: "application/json", [window.wagtailConfig.CSRF_HEADER_NAME]: window.wagtailConfig.CSRF_TOKEN };
    refused.textContent = "";
    let answer;
    try {
      answer = await (await fetch(form.action, { method: "POST", body: mended(copy.data), headers })).json();
    } catch {
      refused.textContent = phrase("no-answer");
      return;
    }
    if (!answer.success) {
      refused.textContent = phrase("restore-refused");
      return;
    }
    drop(copy.name);
    saved = null;
    // Wagtail would ask whether to leave; there is nothing in this form to lose.
    window.addEventListener("w-unsaved:confirm", (event) => event.preventDefault());
    location.assign(answer.url ?? form.action);
  };

  const offer = (copy) => {
    panel.querySelector("[data-writing-when]").textContent = new Intl.DateTimeFormat(document.documentElement.lang, {
      dateStyle: "medium",
      timeStyle: "short",
    }).format(copy.at);
    panel.querySelector("[data-writing-kept]").textContent = copy.text;
    panel.querySelector("[data-writing-newer]").hidden = copy.revision === revisionNow();
    panel.querySelector("[data-writing-restore]").onclick = () => restore(copy);
    panel.querySelector("[data-writing-throw]").onclick = () => {
      drop(copy.name);
      panel.hidden = true;
      offerNext();
    };
    form.prepend(panel);
    panel.hidden = false;
    panel.focus();
  };

  // A form that was sent and came back with its words has them; one that was taken has a newer revision.
  const isSettled = (copy) =>
    form.dataset.wUnsavedForceValue === "true" ||
    (copy.isSubmitted && copy.revision !== revisionNow()) ||
    wordsOf(copy.data) === wordsOf(dataNow());

  const offerNext = () => {
    for (const copy of copies().filter(({ name }) => name.startsWith(`${PREFIX}${path()}#`))) {
      if (!isSettled(copy)) return offer(copy);
      drop(copy.name);
    }
  };

  document.addEventListener("coranto:writing", offerNext);
})();
