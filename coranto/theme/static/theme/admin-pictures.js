// Pictures in the admin: dropped anywhere on their form, its fields filled from what the file says of itself,
// and the focal point set by keyboard. Without this the forms work; the server reads the file all the same.

const HEAD = 524288; // as many bytes as the server reads
const FILLED = ["title", "caption", "credit", "rights", "description"];

const wordsUrl = document.getElementById("picture-words")?.dataset.wordsUrl;

function token() {
  const given = document.getElementById("wagtail-config");
  return given ? JSON.parse(given.textContent).CSRF_TOKEN : "";
}

function pictureInput(form) {
  const input = form?.querySelector('input[type="file"][name$="file"]');
  return input && fieldBeside(input, "credit") ? input : null;
}

// "image-chooser-upload-file" stands beside "image-chooser-upload-credit".
function fieldBeside(input, name) {
  return input.form?.elements.namedItem(input.name.replace(/file$/, name)) ?? null;
}

// What an editor typed is left alone; what a script or an earlier file left there is not.
document.addEventListener("input", (event) => {
  if (event.isTrusted && event.target.dataset) event.target.dataset.typed = event.target.value ? "yes" : "";
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input instanceof HTMLInputElement && input === pictureInput(input.form) && input.files.length) {
    fillFrom(input, input.files[0]);
  }
});

async function fillFrom(input, file) {
  const body = new FormData();
  body.append("file", file.slice(0, HEAD), "head");
  body.append("name", file.name);
  let words;
  try {
    const answer = await fetch(wordsUrl, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" },
    });
    if (!answer.ok) return;
    words = await answer.json();
  } catch {
    return; // the server reads them once more when the file is there
  }
  if (input.files[0] !== file) return;
  for (const name of FILLED) {
    const field = fieldBeside(input, name);
    const isEmpty = !field?.value || field.dataset.filled === field.value;
    const isFileName = name === "title" && !field?.dataset.typed;
    // On the page of a picture that is there already its title is no file name.
    const isNew = !document.querySelector(".focal-point-chooser");
    if (!field || field.dataset.typed || !(isEmpty || (isFileName && isNew))) continue;
    field.value = words[name];
    field.dataset.filled = words[name];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function dropTarget(event) {
  if (!event.dataTransfer?.types.includes("Files")) return null;
  return pictureInput(event.target.closest?.("form"));
}

document.addEventListener("dragover", (event) => {
  const input = dropTarget(event);
  if (!input) return;
  event.preventDefault();
  input.form.classList.add("picture-drop");
});

document.addEventListener("dragleave", (event) => {
  event.target.closest?.("form.picture-drop")?.classList.remove("picture-drop");
});

document.addEventListener("drop", (event) => {
  const input = dropTarget(event);
  if (!input || !event.dataTransfer.files.length) return;
  event.preventDefault();
  input.form.classList.remove("picture-drop");
  const one = new DataTransfer();
  one.items.add(event.dataTransfer.files[0]);
  input.files = one.files;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// The focal point in hundredths, beside the box that is drawn with a mouse.
function focalNumbers(fieldset) {
  const chooser = document.querySelector(".focal-point-chooser");
  const picture = chooser?.querySelector("img[data-original-width]");
  if (!picture) return;
  const full = { x: Number(picture.dataset.originalWidth), y: Number(picture.dataset.originalHeight) };
  const stored = (name) => document.querySelector(`input.focal_point_${name}`);
  const numbers = Object.fromEntries([...fieldset.querySelectorAll("input")].map((each) => [each.dataset.focal, each]));

  function read() {
    const has = stored("x").value !== "";
    numbers.x.value = has ? Math.round((100 * stored("x").value) / full.x) : "";
    numbers.y.value = has ? Math.round((100 * stored("y").value) / full.y) : "";
    numbers.size.value = has ? Math.max(1, Math.round((100 * stored("width").value) / full.x)) : "";
  }

  function write() {
    const share = (field, otherwise) => Math.min(100, Math.max(0, Number(field.value || otherwise))) / 100;
    const size = Math.max(1, Math.round(share(numbers.size, 10) * full.x));
    stored("x").value = Math.round(share(numbers.x, 50) * full.x);
    stored("y").value = Math.round(share(numbers.y, 50) * full.y);
    stored("width").value = size;
    stored("height").value = Math.min(size, full.y);
    show();
  }

  function show() {
    const mark = chooser.querySelector(".current-focal-point-indicator");
    if (!mark) return;
    const at = (name) => Number(stored(name).value);
    mark.classList.remove("hidden");
    mark.style.insetInlineStart = "auto";
    mark.style.left = `${(100 * (at("x") - at("width") / 2)) / full.x}%`;
    mark.style.top = `${(100 * (at("y") - at("height") / 2)) / full.y}%`;
    mark.style.width = `${(100 * at("width")) / full.x}%`;
    mark.style.height = `${(100 * at("height")) / full.y}%`;
  }

  read();
  fieldset.hidden = false;
  fieldset.addEventListener("input", write);
  // Drawing the box and taking it away write without telling.
  for (const kind of ["mouseup", "touchend", "click", "keyup"]) {
    document.addEventListener(kind, (event) => {
      if (!fieldset.contains(event.target)) setTimeout(read);
    });
  }
}

document.querySelectorAll("[data-focal-numbers]").forEach(focalNumbers);
