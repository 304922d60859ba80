// Looks whether Microsoft is ready, and goes on once the page says something else. Without script the page reloads.
"use strict";

(() => {
  const shown = document.querySelector("[data-look]");
  const seconds = Number(shown.dataset.look);

  const look = async () => {
    try {
      const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" });
      const next = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-look]");
      if (!next) {
        location.reload();
        return;
      }
      // The same words are not put there again: they would be read out again.
      if (next.textContent !== shown.textContent) shown.replaceChildren(...next.childNodes);
    } catch {
      // The line is down for a moment; the next look tells.
    }
    setTimeout(look, seconds * 1000 * (document.hidden ? 3 : 1));
  };
  setTimeout(look, seconds * 1000);
})();
