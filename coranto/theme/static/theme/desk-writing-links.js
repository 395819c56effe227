// Own articles the text could link to: asked for when the list is opened, put in where the cursor was.

(() => {
  if (!window.corantoDesk) return;
  const { root, form, stream, richTextAround, newId, phrase, say, textOfBody } = window.corantoDesk;
  const { EditorState, Modifier, RichUtils } = window.DraftJS;

  const list = document.getElementById("writing-links");
  const [state, found] = [list.querySelector("[data-writing-links-state]"), list.querySelector("[data-writing-found]")];
  const template = list.querySelector("[data-writing-found-template]");

  const articleId = () => /\/pages\/(\d+)\/edit\//.exec(form.action)?.[1];

  // Asking --------------------------------------------------------------------------------------------------

  const mentioned = () => {
    const ids = new Set();
    for (const { type, value } of stream().children.map((child) => child.getValue())) {
      if (type === "related" && value.article) ids.add(String(value.article));
      for (const rich of [value, value?.text]) {
        if (typeof rich !== "string" || !rich.startsWith("{")) continue;
        for (const { data } of Object.values(JSON.parse(rich).entityMap ?? {})) if (data.id) ids.add(String(data.id));
      }
    }
    return [...ids];
  };

  const ask = async () => {
    const id = articleId();
    found.replaceChildren();
    if (!id) return void (state.textContent = phrase("not-saved-yet"));
    state.textContent = phrase("searching");
    const body = new FormData();
    body.append("headline", form.elements.title.value);
    body.append("standfirst", form.elements.standfirst.value);
    body.append("topics", form.elements.topics?.value ?? "");
    body.append("text", textOfBody().slice(0, 100_000));
    for (const each of mentioned()) body.append("mentioned", each);
    const headers = { [window.wagtailConfig.CSRF_HEADER_NAME]: window.wagtailConfig.CSRF_TOKEN };
    try {
      const answer = await fetch(root.dataset.suggestionsUrl.replace("/0/", `/${id}/`), { method: "POST", body, headers });
      show((await answer.json()).articles);
    } catch {
      state.textContent = phrase("no-answer");
    }
  };

  const show = (articles) => {
    state.textContent = articles.length ? "" : phrase("nothing-found");
    for (const article of articles) {
      const line = template.content.cloneNode(true);
      const headline = line.querySelector("[data-headline]");
      Object.assign(headline, { href: article.address, textContent: article.headline });
      line.querySelector("[data-about]").textContent = [article.section, article.published, article.about].filter(Boolean).join(" · ");
      for (const [name, act] of [["link", link], ["relate", relate]]) {
        const button = line.querySelector(`[data-${name}]`);
        button.setAttribute("aria-label", `${button.textContent}: ${article.headline}`);
        button.addEventListener("click", () => act(article));
      }
      found.append(line);
    }
  };

  list.addEventListener("toggle", () => list.open && ask());
  list.querySelector("[data-writing-again]").addEventListener("click", ask);

  // Putting in ----------------------------------------------------------------------------------------------

  let last = null; // the editor one wrote in
  form.addEventListener("focusin", ({ target }) => {
    last = richTextAround(target) ?? last;
  });
  const childOf = (input) => input && stream().children.find((child) => child.element.contains(input));

  // The selected words, or the headline where none are; the link is to the page, whatever its address becomes.
  const link = (article) => {
    const editor = last?.isConnected && childOf(last) && last.draftailEditor;
    if (!editor) return say(phrase("no-text"));
    const before = editor.getEditorState();
    const data = { id: article.id, parentId: article.parent, url: article.address };
    const content = before.getCurrentContent().createEntity("LINK", "MUTABLE", data);
    const entity = content.getLastCreatedEntityKey();
    const selection = before.getSelection();
    if (selection.isCollapsed()) {
      const linked = Modifier.insertText(content, selection, article.headline, before.getCurrentInlineStyle(), entity);
      editor.onChange(EditorState.push(before, linked, "insert-characters"));
    } else editor.onChange(RichUtils.toggleLink(EditorState.set(before, { currentContent: content }), selection, entity));
    say(phrase("linked"), { onUndo: () => editor.onChange(before) });
  };

  const relate = (article) => {
    const body = stream();
    const child = childOf(last?.isConnected ? last : null);
    const at = child ? body.children.indexOf(child) + 1 : body.children.length;
    const page = { id: article.id, parentId: article.parent, adminTitle: article.headline, editUrl: article.edit };
    const added = body.insert({ type: "related", value: { article: page, label: "" }, id: newId() }, at, {});
    say(phrase("related"), {
      onUndo: () => body.children.includes(added) && body.deleteBlock(body.children.indexOf(added), {}),
    });
  };
})();
