// Many rows at once: how many are ticked, all of a page, none. Without it each box is ticked by hand.
"use strict";

(() => {
  const boxes = (form) => [...form.elements].filter((one) => one.type === "checkbox" && one.name);

  const show = (form) => {
    const all = boxes(form);
    const chosen = all.filter((one) => one.checked).length;
    const words = form.querySelector("[data-chosen]");
    words.dataset.none ??= words.textContent;
    words.textContent = chosen ? `${chosen} chosen.` : words.dataset.none;
    form.querySelector("[data-choose-none]").hidden = !chosen;
    form.querySelector("[data-choose-every]").hidden = false;
    const every = form.querySelector("[data-choose-all]");
    every.checked = all.length > 0 && chosen === all.length;
    every.indeterminate = chosen > 0 && chosen < all.length;
  };
  const showAll = () => document.querySelectorAll("form[data-choosing]").forEach(show);

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || form.dataset.choosing === undefined) return;
    if (event.target.dataset.chooseAll !== undefined) {
      for (const one of boxes(form)) one.checked = event.target.checked;
    }
    show(form);
  });

  document.addEventListener("click", (event) => {
    const none = event.target.closest("[data-choose-none]");
    if (!none) return;
    const [first, ...others] = boxes(none.form);
    for (const one of [first, ...others]) one.checked = false;
    show(none.form);
    first.focus();
  });

  document.addEventListener("htmx:afterSettle", showAll);
  // A browser that goes back to the page may have kept the ticks.
  window.addEventListener("pageshow", showAll);
  showAll();
})();
