// Quickens what works without it: keys, menus, the reader's time zone. No page depends on it.
"use strict";

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`mailroll_zone=${zone}`)) {
    document.cookie = `mailroll_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax`;
  }

  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });

  // Where the keys are switched off, the page says so on its root.
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  let waiting = false;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of menus()) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.documentElement.dataset.keys === "off") return;
    if (waiting && event.key === "d") {
      location.assign("/");
    } else if (event.key === "/") {
      const box = document.getElementById("lookup-box") || document.querySelector("input[type=search]");
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    }
    waiting = event.key === "g";
  });

  // A fresh error takes the focus, so that it is read first.
  const alert = document.querySelector("[role=alert][tabindex]");
  if (alert) alert.focus();

  // A choice that is saved as soon as it is made; without script its button does that.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (form) form.requestSubmit();
  });
  for (const form of document.querySelectorAll("form[data-at-once]")) form.classList.add("quick");

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy).textContent;
    await navigator.clipboard.writeText(text);
    const words = button.querySelector("span") || button;
    const before = words.textContent;
    words.textContent = "Copied";
    setTimeout(() => { words.textContent = before; }, 2000);
  });

  for (const opener of document.querySelectorAll("[data-opens]")) {
    const dialog = document.getElementById(opener.dataset.opens);
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    dialog.addEventListener("close", () => opener.focus());
  }
})();
