// Pictures dropped onto the text, or pasted into it: Wagtail's chooser opens with the file in its form, which asks for
// caption, credit and description at once, and the picture stands where it was dropped.

(() => {
  if (!window.corantoDesk) return;
  const { stream, panelOf, newId, phrase, say } = window.corantoDesk;

  const isPicture = (file) => file.type.startsWith("image/");
  const chooser = () =>
    stream().blockDef.childBlockDefsByName.picture.childBlockDefs.find((each) => each.name === "picture").widget;

  const until = (find, milliseconds) =>
    new Promise((found) => {
      const ends = Date.now() + milliseconds;
      const look = () => {
        const what = find();
        if (what || Date.now() > ends) found(what);
        else setTimeout(look, 50);
      };
      look();
    });

  // The upload form of the chooser that has just opened, with the file in it; nothing where one may not upload.
  const fillUpload = async (file) => {
    const field = await until(() => document.querySelector(".modal.in #tab-upload input[type=file], .modal #tab-upload input[type=file]"), 10_000);
    if (!field) return say(phrase("no-upload"));
    document.querySelector('.modal [role="tab"][href="#tab-upload"]')?.click();
    const files = new DataTransfer();
    files.items.add(file);
    field.files = files.files;
    field.dispatchEvent(new Event("change", { bubbles: true })); // Wagtail writes the title from the name
    const empty = [...field.form.querySelectorAll("input[type=text], textarea")].find((each) => !each.value && each.offsetParent);
    (empty ?? field).focus();
  };

  // Resolves with what was chosen, or with nothing when the dialog was closed.
  const ask = (file) =>
    new Promise((answer) => {
      const factory = chooser();
      let chosen = null;
      factory.openModal((result) => {
        chosen = result;
      });
      window.jQuery(document).one("hidden.bs.modal", ".modal", () => setTimeout(() => answer(chosen), 0));
      fillUpload(file);
    });

  const place = async (files, put) => {
    const others = files.filter((file) => !isPicture(file));
    if (others.length) say(phrase("not-a-picture", { names: others.map((file) => file.name).join(", ") }));
    for (const file of files.filter(isPicture)) {
      const chosen = await ask(file);
      if (!chosen) return; // closed: whoever thought better of one picture is not asked about the next
      put(chosen);
    }
  };

  const placeInBody = (files, at) => {
    let index = at;
    return place(files, (chosen) => {
      const body = stream();
      const value = body.blockDef.initialChildStates.picture;
      const child = body.insert({ type: "picture", value, id: newId() }, Math.min(index, body.children.length), {});
      child.block.childBlocks.picture.widget.setStateFromModalData(chosen);
      child.element.scrollIntoView({ block: "nearest" });
      index += 1;
    });
  };

  // Where -----------------------------------------------------------------------------------------------------

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const placeAt = (y) => {
    const found = stream().children.findIndex(({ element }) => {
      const box = element.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    return found === -1 ? stream().children.length : found;
  };

  const mark = document.createElement("div");
  mark.className = "writing__here";
  mark.textContent = phrase("picture-here");
  const showMark = (index) => {
    const next = stream().children[index]?.element;
    if (next) next.before(mark);
    else stream().sequenceContainer.get(0).append(mark);
  };

  // A file dropped beside its aim would replace the page, and the words in it.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => carriesFiles(event) && event.preventDefault());

  const begin = () => {
    const body = panelOf("body");
    // Before Draft.js, which would make text of the file's name.
    body.addEventListener(
      "dragover",
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        event.dataTransfer.dropEffect = "copy";
        showMark(placeAt(event.clientY));
      },
      { capture: true },
    );
    body.addEventListener("dragleave", (event) => body.contains(event.relatedTarget) || mark.remove());
    body.addEventListener(
      "drop",
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        mark.remove();
        placeInBody([...event.dataTransfer.files], placeAt(event.clientY));
      },
      { capture: true },
    );
    body.addEventListener(
      "paste",
      (event) => {
        const files = [...(event.clipboardData?.files ?? [])].filter(isPicture);
        const child = stream().children.find((each) => each.element.contains(event.target));
        if (event.defaultPrevented || !files.length || !child) return;
        if (event.clipboardData.getData("text/plain").trim()) return; // Word sends a picture of its words along
        event.preventDefault();
        event.stopPropagation();
        placeInBody(files, stream().children.indexOf(child) + 1);
      },
      { capture: true },
    );
    const main = panelOf("picture");
    main?.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      place([...event.dataTransfer.files].slice(0, 1), (chosen) =>
        window.wagtail.editHandler.getPanelByName("picture").getBoundWidget().setStateFromModalData(chosen),
      );
    });
  };
  document.addEventListener("coranto:writing", begin);
})();
