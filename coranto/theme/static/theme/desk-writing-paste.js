// Pasting a document into the text: paragraphs into paragraphs, headings, quotes and tables into blocks of their own.

(() => {
  if (!window.corantoDesk) return;
  const { form, stream, richTextAround, newId, phrase, say } = window.corantoDesk;
  const { readHtml, readText } = window.corantoReading;
  const { EditorState, Modifier } = window.DraftJS;

  const childAround = (target) =>
    stream().children.find((child) => child.element === target.closest("[data-streamfield-child]"));
  const isEmpty = (state) => !state.getCurrentContent().getPlainText().trim();

  // What is inserted where the cursor is, without leaving the editor it is in.
  const insertInto = (editor, raw) => {
    const state = editor.getEditorState();
    const pasted = window.Draftail.createEditorStateFromRaw(raw).getCurrentContent().getBlockMap();
    const content = Modifier.replaceWithFragment(state.getCurrentContent(), state.getSelection(), pasted);
    editor.onChange(EditorState.push(state, content, "insert-fragment"));
  };

  // Quotes and points of lists hold text alone: headings and the like become lines of it.
  const flattened = (blocks) => {
    const lines = blocks.flatMap(({ type, raw, value }) => {
      if (raw) return [raw];
      const texts = type === "heading" ? [value.text] : type === "table" ? value.rows.map((row) => row.join(" · ")) : [];
      return texts.map((text) => ({ blocks: [{ text, type: "unstyled", depth: 0 }], entityMap: {} }));
    });
    let count = 0;
    const all = { blocks: [], entityMap: {} };
    for (const raw of lines) {
      for (const block of raw.blocks) {
        const entityRanges = (block.entityRanges ?? []).map((range) => ({ ...range, key: range.key + count }));
        all.blocks.push({ inlineStyleRanges: [], ...block, entityRanges });
      }
      for (const [key, entity] of Object.entries(raw.entityMap)) all.entityMap[Number(key) + count] = entity;
      count = Object.keys(all.entityMap).length;
    }
    return all;
  };

  const stateOf = ({ type, raw, value }) => {
    const initial = stream().blockDef.initialChildStates[type];
    switch (type) {
      case "paragraph":
        return JSON.stringify(raw);
      case "quote":
        return { ...value, text: JSON.stringify(raw) };
      case "table":
        return {
          data: value.rows,
          cell: [],
          mergeCells: [],
          first_row_is_table_header: value.hasHead,
          first_col_is_header: false,
          table_header_choice: value.hasHead ? "row" : "neither",
          table_caption: "",
        };
      case "heading":
        return value;
      default:
        return initial;
    }
  };

  // Blocks beside the paragraph the cursor is in, which is parted there. Returns how to take them out again.
  const insertBeside = (child, editor, blocks) => {
    const body = stream();
    const before = editor.getEditorState();
    if (!before.getSelection().isCollapsed()) {
      const without = Modifier.removeRange(before.getCurrentContent(), before.getSelection(), "backward");
      editor.onChange(EditorState.push(before, without, "remove-range"));
    }
    const { stateBefore, stateAfter, shouldMoveCommentFn } = window.draftail.splitState(editor.getEditorState());
    const [isAtStart, isAtEnd] = [isEmpty(stateBefore), isEmpty(stateAfter)];
    let at = body.children.indexOf(child) + 1;
    let rest = null;
    if (isAtStart && !isAtEnd) at -= 1;
    else if (!isAtStart && !isAtEnd) {
      body.splitBlock(at - 1, stateBefore, stateAfter, shouldMoveCommentFn, { animate: false });
      rest = body.children[at];
    }
    const added = blocks.map((block, index) =>
      body.insert({ type: block.type, value: stateOf(block), id: newId() }, at + index, { animate: false }),
    );
    const remove = (each) => body.children.includes(each) && body.deleteBlock(body.children.indexOf(each), {});
    const wasEmpty = isAtStart && isAtEnd;
    if (wasEmpty) remove(child);
    added.at(-1).focus({ soft: true });
    return () => {
      const place = Math.max(0, body.children.indexOf(added[0]));
      if (rest) remove(rest);
      if (wasEmpty) body.insert({ type: "paragraph", value: before, id: child.id }, place, {});
      else child.block.widget.setState(before);
      added.forEach(remove);
    };
  };

  const report = (blocks, pictures, onUndo) => {
    const counted = (type) => blocks.filter((block) => block.type === type).length;
    const lines = blocks.filter((block) => block.type === "paragraph").flatMap((block) => block.raw.blocks);
    const sentences = [];
    if (onUndo) {
      const values = { headings: counted("heading"), quotes: counted("quote"), tables: counted("table") };
      sentences.push(phrase("pasted", { paragraphs: lines.length, ...values }));
    }
    if (pictures) sentences.push(phrase("pictures-left-out", { pictures }));
    if (sentences.length) say(sentences.join(" "), { onUndo });
  };

  const read = (clipboard) => {
    const html = clipboard.getData("text/html");
    const text = clipboard.getData("text/plain");
    // From one of our own editors: Draftail knows better.
    if (html.includes("data-draftjs-conductor-fragment")) return null;
    // An address goes onto the selected words as a link: Draftail again.
    if (/^\s*(https?:\/\/|mailto:)\S+\s*$/i.test(text)) return null;
    const found = html ? readHtml(html) : { blocks: [], pictures: 0 };
    if (found.blocks.length || found.pictures) return found;
    return text.includes("\n") ? readText(text) : null;
  };

  const paste = (event) => {
    if (event.defaultPrevented || !event.clipboardData) return;
    const editor = richTextAround(event.target)?.draftailEditor;
    const child = editor && childAround(event.target);
    if (!child) return;
    const found = read(event.clipboardData);
    if (!found) return;
    const { blocks, pictures } = found;
    if (!blocks.length && event.clipboardData.files.length) return; // nothing but a picture: see desk-writing-pictures
    event.preventDefault();
    event.stopPropagation();
    if (!blocks.length) return void report(blocks, pictures, null);
    const isText = blocks.length === 1 && blocks[0].type === "paragraph";
    if (isText || child.type !== "paragraph") {
      insertInto(editor, isText ? blocks[0].raw : flattened(blocks));
      report(blocks, pictures, null); // the editor's own undo takes it back
    } else report(blocks, pictures, insertBeside(child, editor, blocks));
  };

  // Before Draft.js, which listens at its root and would take it.
  form.addEventListener("paste", paste, { capture: true });
})();
