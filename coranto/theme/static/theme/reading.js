// What a script adds to an article: players on demand, copying the address, printing.

for (const embed of document.querySelectorAll(".embed[data-player]")) {
  const [play, note] = [embed.querySelector(".embed__play"), embed.querySelector(".embed__note")];
  play.hidden = note.hidden = false;
  play.querySelector("button").addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.src = embed.dataset.player;
    frame.title = embed.querySelector(".embed__title")?.textContent || embed.getAttribute("aria-label");
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    frame.allowFullscreen = true;
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    play.replaceWith(frame);
    note.remove();
    frame.focus();
  });
}

for (const item of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // only given to pages that come over HTTPS
  const status = item.querySelector("[data-done]");
  item.hidden = false;
  item.querySelector("button").addEventListener("click", async () => {
    await navigator.clipboard.writeText(item.dataset.copy);
    status.textContent = status.dataset.done;
  });
}

for (const item of document.querySelectorAll("[data-print]")) {
  item.hidden = false;
  item.querySelector("button").addEventListener("click", () => window.print());
}
