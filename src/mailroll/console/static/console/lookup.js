// The box in the bar: its answer drops down once a whole address stands in it. Enter opens the page, as without script.
"use strict";

(() => {
  const box = document.getElementById("lookup-box");
  if (!box) return;
  const answer = document.getElementById("lookup-answer");
  const said = document.getElementById("lookup-said");
  const patience = 300;
  let timer, asking, shown = "";

  const close = () => {
    clearTimeout(timer);
    if (asking) asking.abort();
    answer.hidden = true;
    said.textContent = "";
    shown = "";
  };

  const ask = async (text) => {
    asking = new AbortController();
    const mine = asking;
    const url = `${box.dataset.answers}?${new URLSearchParams({ address: text })}`;
    try {
      const reply = await fetch(url, { signal: mine.signal, headers: { "X-Requested-With": "fetch" } });
      // Somebody who was signed out meanwhile is led elsewhere: Enter leads there too.
      if (!reply.ok || reply.redirected) return;
      const html = await reply.text();
      if (mine.signal.aborted) return;
      answer.innerHTML = html;
      answer.hidden = false;
      shown = text;
      said.textContent = answer.querySelector(".verdict").innerText;
    } catch {
      // Nothing drops down: aborted by another letter, or the Console is away.
    }
  };

  box.addEventListener("input", () => {
    const text = box.value.trim();
    if (text === shown) return;
    close();
    if (/^\S+@\S+\.[^\s.]{2,}$/.test(text)) timer = setTimeout(ask, patience, text);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || answer.hidden) return;
    // By itself it would empty the box.
    event.preventDefault();
    close();
    box.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-closes]")) {
      close();
      box.focus();
    } else if (!answer.hidden && !event.target.closest(".lookup")) {
      close();
    }
  });
})();
