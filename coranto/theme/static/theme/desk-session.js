// On every page of the admin: what the editor keeps in this browser goes when its account signs out, and when a new
// article was taken by the server.

(() => {
  const forget = (test) => {
    try {
      for (const name of Object.keys(localStorage)) if (test(name)) localStorage.removeItem(name);
    } catch {
      // A browser that keeps nothing has nothing to forget.
    }
  };

  document.addEventListener(
    "submit",
    ({ target }) => {
      if (new URL(target.action, location.href).pathname.endsWith("/logout/")) forget((name) => name.startsWith("coranto:words:"));
    },
    { capture: true },
  );

  try {
    const sent = JSON.parse(sessionStorage.getItem("coranto:submitted"));
    if (!sent) return;
    sessionStorage.removeItem("coranto:submitted");
    // Sent on from the form's own address to another page: it was taken.
    const from = document.referrer && new URL(document.referrer).pathname;
    if (from === sent.path && location.pathname !== sent.path) forget((name) => name === sent.name);
  } catch {
    // The same.
  }
})();
