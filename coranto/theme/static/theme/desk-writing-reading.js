// Reads what a word processor puts on the clipboard: structure stays, dirt goes.
//
// `corantoReading.readHtml` and `readText` return `{blocks, pictures}`: blocks as `{type, raw | value}`, where `raw` is
// the content of Draft.js (https://draftjs.org/docs/api-reference-data-conversion), and how many pictures there were.
// It knows the habits of Google Docs, Word, Word Online and LibreOffice; nothing of a document reaches the page but
// its text, its structure and the addresses of its links.

(() => {
  const SKIPPED = new Set("SCRIPT STYLE META LINK TITLE HEAD XML TEMPLATE OBJECT IFRAME SVG BUTTON INPUT SELECT".split(" "));
  const STANDING = new Set(
    ("ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CENTER DD DIV DL DT FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER " +
      "LI MAIN NAV OL P PRE SECTION TABLE TBODY TD TFOOT TH THEAD TR UL").split(" "),
  );
  const STYLES = { B: "BOLD", STRONG: "BOLD", I: "ITALIC", EM: "ITALIC", S: "STRIKETHROUGH", STRIKE: "STRIKETHROUGH" };
  Object.assign(STYLES, { DEL: "STRIKETHROUGH", SUP: "SUPERSCRIPT", SUB: "SUBSCRIPT", CODE: "CODE", KBD: "CODE", TT: "CODE" });
  const NUMBERED = /^[([]?(\d{1,3}|[a-z]|[ivxl]{1,5})[.)\]]/i;
  const LEVELS = 3; // of our headings, from the second to the fourth

  // Inline --------------------------------------------------------------------------------------------------

  const styleOf = (element, name) => element.style?.getPropertyValue(name).trim().toLowerCase() ?? "";

  const stylesWithin = (element, around) => {
    const styles = new Set(around);
    if (STYLES[element.tagName]) styles.add(STYLES[element.tagName]);
    const put = (style, on, off) => (on ? styles.add(style) : off && styles.delete(style));
    // Google Docs wraps everything in a <b> that is of normal weight.
    const weight = styleOf(element, "font-weight");
    put("BOLD", /^(bold|bolder|[6-9]00)$/.test(weight), /^(normal|lighter|[1-5]00)$/.test(weight));
    const slant = styleOf(element, "font-style");
    put("ITALIC", slant === "italic" || slant === "oblique", slant === "normal");
    const line = styleOf(element, "text-decoration") || styleOf(element, "text-decoration-line");
    put("STRIKETHROUGH", line.includes("line-through"), false);
    const height = styleOf(element, "vertical-align");
    put("SUPERSCRIPT", height === "super", height === "baseline");
    put("SUBSCRIPT", height === "sub", height === "baseline");
    return styles;
  };

  // The address a link leads to, without the detour that Google's exports make; none but a web or mail address.
  const addressOf = (anchor) => {
    let url;
    try {
      url = new URL(anchor.getAttribute("href") ?? "");
    } catch {
      return "";
    }
    if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") {
      return addressOf({ getAttribute: () => url.searchParams.get("q") ?? "" });
    }
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : "";
  };

  // Whether nobody is meant to read it: what Word hides, its comments, and what was struck while changes were tracked.
  const isHidden = (element) => {
    const css = (element.getAttribute("style") ?? "").replace(/\s/g, "").toLowerCase();
    if (/display:none|mso-hide:all|mso-list:ignore|mso-element:(comment|header|footer)/.test(css)) return true;
    if (element.tagName === "DEL" && (element.hasAttribute("cite") || element.hasAttribute("datetime"))) return true;
    return /\bMso(CommentReference|CommentText|Footer|Header)\b/.test(element.className) || element.hidden;
  };

  // Lines ---------------------------------------------------------------------------------------------------

  const levelOf = (element) => {
    const tag = /^H([1-6])$/.exec(element.tagName);
    if (tag) return Number(tag[1]);
    if (element.getAttribute("role") === "heading") return Number(element.getAttribute("aria-level")) || 2;
    if (/\bMsoTitle\b/.test(element.className)) return 1;
    const outline = /mso-outline-level:\s*([1-6])/i.exec(element.getAttribute("style") ?? "");
    return outline ? Number(outline[1]) : 0;
  };
  const isQuote = (element) => element.tagName === "BLOCKQUOTE" || /\bMso(Intense)?Quote/.test(element.className);

  // Word's lists are paragraphs that carry their own bullet or number.
  const wordListOf = (element) => {
    const list = /mso-list:\s*\S+\s+level(\d+)/i.exec(element.getAttribute("style") ?? "");
    if (!list) return null;
    const marker = [...element.querySelectorAll("span")].find((each) =>
      /mso-list:\s*ignore/i.test(each.getAttribute("style") ?? ""),
    );
    const text = (marker?.textContent ?? "").replace(/\s/g, "");
    return { isNumbered: NUMBERED.test(text), depth: Math.min(Number(list[1]) - 1, 4) };
  };

  class Lines {
    constructor() {
      this.done = [];
      this.open = null;
      this.pictures = 0;
    }

    // Neighbouring runs of one kind are joined when the line is closed.
    add(text, around) {
      if (!this.open) {
        if (!text.trim()) return;
        this.open = { kind: around.kind, level: around.level, list: around.list, depth: around.depth, runs: [] };
      }
      this.open.runs.push({ text, styles: around.styles, link: around.link });
    }

    close() {
      if (this.open) this.done.push(this.open);
      this.open = null;
    }

    put(block) {
      this.close();
      this.done.push(block);
    }
  }

  const walk = (node, around, lines) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        lines.add(around.isKept ? child.data : child.data.replace(/[ \t\r\n\f]+/g, " "), around);
      } else if (child.nodeType === Node.ELEMENT_NODE) walkElement(child, around, lines);
    }
  };

  const walkElement = (element, around, lines) => {
    const tag = element.tagName;
    if (SKIPPED.has(tag) || isHidden(element)) return;
    if (tag === "IMG" || tag === "V:IMAGEDATA" || tag === "PICTURE") {
      if (element.getAttribute("width") !== "1") lines.pictures += 1;
    } else if (tag === "BR") {
      if (lines.open) lines.add("\n", around);
    } else if (tag === "HR") {
      lines.put({ kind: "divider" });
    } else if (tag === "TABLE" && isTable(element)) {
      lines.put({ kind: "table", rows: rowsOf(element, lines), hasHead: hasHead(element) });
    } else if (STANDING.has(tag)) {
      lines.close();
      walk(element, within(element, around), lines);
      lines.close();
    } else {
      const link = tag === "A" ? addressOf(element) : "";
      walk(element, { ...around, styles: stylesWithin(element, around.styles), link: link || around.link }, lines);
    }
  };

  const within = (element, around) => {
    const inner = { ...around, styles: stylesWithin(element, around.styles) };
    const level = levelOf(element);
    const wordList = wordListOf(element);
    if (level) Object.assign(inner, { kind: "heading", level, list: "" });
    else if (isQuote(element)) inner.kind = "quote";
    else if (wordList) Object.assign(inner, { list: wordList.isNumbered ? "ordered" : "unordered", depth: wordList.depth });
    if (element.tagName === "UL" || element.tagName === "OL") {
      inner.list = element.tagName === "OL" ? "ordered" : "unordered";
      inner.depth = around.list ? Math.min(around.depth + 1, 4) : 0;
    }
    if (element.tagName === "PRE") inner.isKept = true;
    // Word Online says how deep an item is, and puts each into a list of its own.
    const told = element.tagName === "LI" && Number(element.getAttribute("data-aria-level") ?? element.getAttribute("aria-level"));
    if (told) inner.depth = Math.min(told - 1, 4);
    return inner;
  };

  // Tables --------------------------------------------------------------------------------------------------

  const rowsIn = (table) => [...table.rows].filter((row) => row.closest("table") === table);

  // A table of one cell, or around another table, only lays something out.
  const isTable = (table) => !table.querySelector("table") && rowsIn(table).some((row) => row.cells.length > 1);
  const hasHead = (table) => {
    const first = rowsIn(table)[0];
    return Boolean(first.closest("thead")) || [...first.cells].every((cell) => cell.tagName === "TH");
  };
  const rowsOf = (table, lines) => {
    lines.pictures += table.querySelectorAll("img").length;
    const rows = rowsIn(table).map((row) =>
      [...row.cells].flatMap((cell) => [
        cell.textContent.replace(/\s+/g, " ").trim(),
        ...Array(Math.min(cell.colSpan, 20) - 1).fill(""), // cells that were one: their text stands in the first
      ]),
    );
    const width = Math.max(...rows.map((row) => row.length));
    return rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
  };

  // Blocks --------------------------------------------------------------------------------------------------

  // One line as Draft.js has it: the text, and what holds from where for how long.
  const contentOf = (line, entities) => {
    let text = "";
    const spans = [];
    for (const run of line.runs) {
      // Blanks at the seams of runs are one blank; a single fixed one (before a French colon) stays.
      let piece = run.text.replace(/[ \u00a0]{2,}/g, " ");
      if (!text || /[\s\u00a0]$/.test(text)) piece = piece.replace(/^[ \u00a0]+/, "");
      if (piece) spans.push({ from: text.length, styles: run.styles, link: run.link });
      text += piece;
    }
    const bare = text.replace(/[\s\u00a0]+$/, "");
    const styles = [];
    const links = [];
    spans.forEach(({ from, styles: own, link }, index) => {
      const end = Math.min(spans[index + 1]?.from ?? text.length, bare.length);
      if (end <= from) return;
      for (const style of own) extend(styles, { style }, from, end);
      if (link) extend(links, { link }, from, end);
    });
    const entityRanges = links.map(({ link, offset, length }) => {
      const key = Object.keys(entities).length;
      entities[key] = { type: "LINK", mutability: "MUTABLE", data: { url: link } };
      return { key, offset, length };
    });
    const type = line.list ? `${line.list}-list-item` : "unstyled";
    const key = Math.random().toString(36).slice(2, 7).padEnd(5, "0");
    return { key, text: bare, type, depth: line.list ? line.depth : 0, inlineStyleRanges: styles, entityRanges, data: {} };
  };

  const extend = (ranges, what, from, end) => {
    const [name, value] = Object.entries(what)[0];
    const last = ranges.findLast((each) => each[name] === value);
    if (last && last.offset + last.length === from) last.length = end - last.offset;
    else ranges.push({ ...what, offset: from, length: end - from });
  };

  const rawOf = (lines) => {
    const entityMap = {};
    const blocks = lines.map((line) => contentOf(line, entityMap)).filter((block) => block.text);
    return blocks.length ? { blocks, entityMap } : null;
  };

  const textOf = (line) => contentOf(line, {}).text.replace(/\s+/g, " ");

  // A document's headings, whatever levels they have, become ours from the highest on.
  const ourLevels = (lines) => {
    const used = [...new Set(lines.filter((line) => line.kind === "heading").map((line) => line.level))].sort();
    return Object.fromEntries(used.map((level, index) => [level, String(2 + Math.min(index, LEVELS - 1))]));
  };

  const quoteOf = (lines) => {
    const last = lines.length > 1 ? textOf(lines.at(-1)) : "";
    const named = /^[\u2013\u2014-]\s*(\S.{0,200})$/.exec(last);
    const text = rawOf(named ? lines.slice(0, -1) : lines);
    return text && { type: "quote", raw: text, value: { attribution: named?.[1] ?? "", source_url: "" } };
  };

  const blocksOf = (lines) => {
    const levels = ourLevels(lines);
    const blocks = [];
    for (let at = 0; at < lines.length; ) {
      let end = at + 1;
      const { kind } = lines[at];
      if (kind === "text" || kind === "quote") while (lines[end]?.kind === kind) end += 1;
      blocks.push(blockOf(lines.slice(at, end), levels));
      at = end;
    }
    return blocks.filter(Boolean);
  };

  const blockOf = (lines, levels) => {
    const [line] = lines;
    switch (line.kind) {
      case "heading": {
        const text = textOf(line).slice(0, 255);
        return text && { type: "heading", value: { text, level: levels[line.level] } };
      }
      case "quote":
        return quoteOf(lines);
      case "table":
        return { type: "table", value: { rows: line.rows, hasHead: line.hasHead } };
      case "divider":
        return { type: "divider" };
      default: {
        const raw = rawOf(lines);
        return raw && { type: "paragraph", raw };
      }
    }
  };

  const START = { kind: "text", level: 0, list: "", depth: 0, styles: new Set(), link: "" };

  const readHtml = (html) => {
    const lines = new Lines();
    walk(new DOMParser().parseFromString(html, "text/html").body, START, lines);
    lines.close();
    return { blocks: blocksOf(lines.done), pictures: lines.pictures };
  };

  // Plain text ----------------------------------------------------------------------------------------------

  const LISTED = /^\s*(?:([-*\u2022\u2013])|(\d{1,3})[.)])\s+(?=\S)/;

  // Lines that all end near the same column were broken by a mail program, and are one paragraph.
  const isBroken = (lines) =>
    lines.length > 1 && lines.slice(0, -1).every((line) => line.length >= 55 && line.length <= 90);

  const readText = (text) => {
    const lines = [];
    const put = (words, list = "") =>
      lines.push({ kind: "text", list, depth: 0, runs: [{ text: words, styles: new Set(), link: "" }] });
    for (const part of text.replace(/\r\n?/g, "\n").split(/\n[ \t\u00a0]*\n\s*/)) {
      const own = part.split("\n").map((line) => line.trim()).filter(Boolean);
      if (own.every((line) => LISTED.test(line))) {
        for (const line of own) put(line.replace(LISTED, ""), LISTED.exec(line)[2] ? "ordered" : "unordered");
      } else if (isBroken(own)) put(own.join(" "));
      else for (const line of own) put(line);
    }
    return { blocks: blocksOf(lines), pictures: 0 };
  };

  window.corantoReading = { readHtml, readText };
})();
