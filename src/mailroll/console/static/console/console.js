// Quickens what works without it: menus, the reader's time zone. No page depends on it; the keys are in keys.js.
"use strict";

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // Under this name browsers take it from nobody but this very host.
  const [prefix, safe] = location.protocol === "https:" ? ["__Host-", "; Secure"] : ["", ""];
  if (zone && !document.cookie.includes(`${prefix}mailroll_zone=${zone}`)) {
    document.cookie = `${prefix}mailroll_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${safe}`;
  }

  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A fresh error takes the focus, so that it is read first; else what was done where the page is another one now.
  const alert = document.querySelector("[role=alert][tabindex]") || document.querySelector("[data-focus]");
  if (alert) alert.focus();

  // On a phone not all tabs fit: where one is stands in sight.
  const tab = document.querySelector(".tabs a[aria-current]");
  if (tab) tab.closest(".tabs").scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - innerWidth / 2;

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
