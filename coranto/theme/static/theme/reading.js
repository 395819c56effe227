// What a script adds to an article: players on demand, copying the address, printing. Articles that are added to the
// page later (`coranto:added`) get the same.

// The page's content security policy allows the players that were in it when it came, and no others.
const allowed = new Set([...document.querySelectorAll(".embed[data-player]")].map(originOf));

function originOf(embed) {
  return new URL(embed.dataset.player).origin;
}

function enhance(root) {
  for (const embed of root.querySelectorAll(".embed[data-player]")) if (allowed.has(originOf(embed))) offerPlayer(embed);
  if (navigator.clipboard) for (const item of root.querySelectorAll("[data-copy]")) offerCopy(item); // given over HTTPS only
  for (const item of root.querySelectorAll("[data-print]")) {
    item.hidden = false;
    item.querySelector("button").addEventListener("click", () => window.print());
  }
}

function offerPlayer(embed) {
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

function offerCopy(item) {
  const status = item.querySelector("[data-done]");
  item.hidden = false;
  item.querySelector("button").addEventListener("click", async () => {
    await navigator.clipboard.writeText(item.dataset.copy);
    status.textContent = status.dataset.done;
  });
}

enhance(document);
document.addEventListener("coranto:added", (event) => enhance(event.detail));
