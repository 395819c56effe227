// The article editor: what its other scripts share, the length of the text, and a first paragraph to begin with.
//
// Wagtail's editor offers `wagtail.editHandler` for scripts of a site; the body is its stream block. The panel
// `desk/writing.html` holds all words these scripts say.

(() => {
  const root = document.getElementById("writing");
  const form = document.querySelector("form[data-edit-form]");
  if (!root || !form) return;

  const stream = () => window.wagtail.editHandler.getPanelByName("body").getBoundWidget();
  const panelOf = (name) => form.querySelector(`[data-contentpath="${name}"]`);
  const after = (milliseconds, act) => {
    let waiting;
    return (...given) => {
      clearTimeout(waiting);
      waiting = setTimeout(act, milliseconds, ...given);
    };
  };

  // The field of the rich text an element stands in; Wagtail keeps the editor itself in its `draftailEditor`.
  const richTextAround = (element) => {
    const wrapper = element.closest?.("[data-draftail-editor-wrapper]");
    return [...(wrapper?.parentNode.querySelectorAll("input") ?? [])].find((input) => input.draftailEditor) ?? null;
  };

  // `crypto.randomUUID` is only given to pages that come over HTTPS.
  const newId = () =>
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
      (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+digit / 4)))).toString(16),
    );

  // Notices -------------------------------------------------------------------------------------------------

  const notice = document.getElementById("writing-notice");
  const [said, undo] = [notice.querySelector("[data-writing-said]"), notice.querySelector("[data-writing-undo]")];
  const words = root.querySelector("[data-writing-words-of]").content;
  let undoing = null;

  const phrase = (name, values = {}) =>
    words.querySelector(`[data-say="${name}"]`).textContent.replace(/%\((\w+)\)s/g, (_, key) => values[key]);

  // What is not urgent takes no other notice's place: that one may be all that is said of what was left out.
  const say = (text, { onUndo = null, isUrgent = true } = {}) => {
    if (!isUrgent && !notice.hidden) return;
    undoing = onUndo;
    undo.hidden = !onUndo;
    notice.hidden = false;
    said.textContent = text;
  };
  const hush = () => {
    notice.hidden = true;
    said.textContent = "";
  };
  undo.addEventListener("click", () => {
    const act = undoing;
    say(phrase("undone"));
    act?.();
  });
  notice.querySelector("[data-writing-dismiss]").addEventListener("click", hush);
  document.body.append(notice); // above everything, wherever the editor has scrolled to

  // Text ----------------------------------------------------------------------------------------------------

  // As they stand in the editors: the form's own fields follow a moment later.
  const textOfRich = (state) => state?.getCurrentContent?.().getPlainText("\n") ?? "";
  const textOfHtml = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;

  // As `rules.texts_of_block` does it for readers: what counts here counts there.
  const textOfBlock = (type, value) => {
    switch (type) {
      case "paragraph":
        return textOfRich(value);
      case "html":
        return textOfHtml(value ?? "");
      case "heading":
      case "pull_quote":
        return value.text;
      case "quote":
        return `${textOfRich(value.text)}\n${value.attribution}`;
      case "picture":
        return value.caption;
      case "list":
        return value.items.map((item) => textOfRich(item.value)).join("\n");
      case "table":
        return (value?.data ?? []).flat().filter(Boolean).join(" ");
      case "embed":
        return value.title;
      default:
        return "";
    }
  };
  const textOfBody = () =>
    stream()
      .children.map((child) => textOfBlock(child.type, child.getState().value) ?? "")
      .filter(Boolean)
      .join("\n");

  // The same word as in `rules.count_words`.
  const countWords = (text) => (text.match(/[\p{L}\p{N}_]+(?:[\u2019'-][\p{L}\p{N}_]+)*/gu) ?? []).length;

  // Half a minute goes to the even one, as Python rounds.
  const minutesOf = (count) => {
    const exact = count / Number(root.dataset.wordsAMinute);
    const [low, rest] = [Math.floor(exact), exact % 1];
    return Math.max(1, rest === 0.5 ? low + (low % 2) : Math.round(exact));
  };

  // Length --------------------------------------------------------------------------------------------------

  const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  const length = document.getElementById("writing-length");
  const letters = document.getElementById("writing-letters");

  const showLength = () => {
    const count = countWords(textOfBody());
    length.querySelector("[data-writing-words]").textContent = number.format(count);
    length.querySelector("[data-writing-minutes]").textContent = number.format(minutesOf(count));
  };

  const showLetters = (field) => {
    letters.querySelector("[data-writing-letters]").textContent = number.format([...field.value].length);
    letters.querySelector("[data-writing-limit]").textContent = number.format(field.maxLength);
  };

  // Read out where one asks for it, with the field's description, and never while somebody types.
  const describe = (field, line) => {
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${line.id}`.trim());
  };

  const placeLengths = () => {
    panelOf("body").querySelector("[data-field-wrapper], .w-panel__content, [data-field]")?.prepend(length) ??
      panelOf("body").prepend(length);
    length.hidden = false;
    const standfirst = form.elements.standfirst;
    standfirst.after(letters);
    describe(standfirst, letters);
    letters.hidden = false;
    showLetters(standfirst);
    standfirst.addEventListener("input", () => showLetters(standfirst));
    const recount = after(250, showLength);
    for (const kind of ["input", "keyup", "paste", "drop", "click", "change"]) form.addEventListener(kind, recount);
    showLength();
  };

  // A new article begins with an empty paragraph: one writes at once, and pastes into it.
  const beginWithAParagraph = () => {
    const body = stream();
    if (body.children.length) return;
    body.insert({ type: "paragraph", value: body.blockDef.initialChildStates.paragraph, id: newId() }, 0, {});
  };

  window.corantoDesk = { root, form, stream, panelOf, richTextAround, after, newId, phrase, say, hush, textOfBody, minutesOf };

  const begin = () => {
    beginWithAParagraph();
    placeLengths();
    window.corantoDesk.isReady = true;
    document.dispatchEvent(new CustomEvent("coranto:writing"));
  };
  // Wagtail makes the editor when the document is there; its listener was the first to be added.
  if (window.wagtail.editHandler) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
