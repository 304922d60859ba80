// Keys beside the mouse: rows, the look-up, the domains, and the list of them. Off while one types, and off for good by choice.
"use strict";

(() => {
  const root = document.documentElement;
  const help = document.getElementById("keys");
  const kept = "mailroll_keys";
  // A browser may refuse to keep anything; then the choice holds for this page.
  const recall = () => { try { return localStorage.getItem(kept); } catch { return null; } };
  const keep = (value) => { try { localStorage.setItem(kept, value); } catch { /* It holds for this page. */ } };
  root.dataset.keys = recall() === "off" ? "off" : "on";

  const box = () => document.getElementById("lookup-box") || document.querySelector("input[type=search]");
  const visible = (one) => one.getClientRects().length > 0;
  const rows = () => [...document.querySelectorAll("main tbody > tr, main .items > li")].filter(visible);
  // What Enter opens in a row; one that opens nothing takes the focus itself.
  const target = (row) => {
    const link = [...row.querySelectorAll("a[href], summary, button")].find(visible);
    if (link) return link;
    row.tabIndex = -1;
    return row;
  };

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = document.activeElement;
    const at = all.findIndex((row) => row.contains(here));
    const next = at >= 0 ? at + step : nearest(all, here, step);
    const row = all[Math.min(Math.max(next, 0), all.length - 1)];
    target(row).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  // From outside the rows: the first one after the focus, or the last one before it.
  const nearest = (all, here, step) => {
    if (!here || here === document.body) return step > 0 ? 0 : all.length - 1;
    const after = all.findIndex((row) => here.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
    const first = after < 0 ? all.length : after;
    return step > 0 ? first : first - 1;
  };

  // What a letter does to the row that has the focus; a menu opens with the focus in it.
  const press = (what) => {
    const row = document.activeElement && document.activeElement.closest("main tbody > tr");
    const part = row && row.querySelector(`[data-does=${what}]`);
    if (!part) return;
    part.focus();
    const menu = part.closest("details");
    if (!menu) return;
    menu.open = true;
    const first = menu.querySelector("textarea, button");
    // Not before the key is up, which would write its letter.
    if (first) setTimeout(() => first.focus());
  };

  const show = () => {
    if (!help) return;
    // It lists what the keys do on this page, and nothing else.
    help.querySelector("[data-for=rows]").hidden = !rows().length;
    help.querySelector("[data-for=box]").hidden = !box();
    help.querySelector("[data-for=alerts]").hidden = !document.querySelector("[data-does]");
    help.showModal();
  };

  let waiting = false;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    if (root.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    if (waiting && event.key === "d") location.assign("/");
    else if (waiting && event.key === "a") location.assign("/alerts/");
    else if (event.key === "s") press("snooze");
    else if (event.key === "a") press("acknowledge");
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "?") show();
    else if (event.key === "/" && box()) {
      event.preventDefault();
      box().focus();
      box().select();
    }
    waiting = event.key === "g";
  });

  if (!help) return;
  const choice = help.querySelector("input[type=checkbox]");
  choice.checked = root.dataset.keys === "on";
  choice.addEventListener("change", () => {
    root.dataset.keys = choice.checked ? "on" : "off";
    keep(root.dataset.keys);
  });
  for (const opener of document.querySelectorAll("[data-keys-help]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => {
      const menu = opener.closest("details");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      show();
    });
  }
})();
