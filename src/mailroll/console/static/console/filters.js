// Completes fields and values of a filter, and warns before what is not saved is left. No part depends on it.
"use strict";

(() => {
  const form = document.getElementById("filter");
  const fields = [...document.querySelectorAll("#fields option")].map((option) => ({
    value: option.value,
    help: option.label,
    ...option.dataset,
  }));
  const named = (text) => {
    const name = text.trim().toLowerCase();
    return fields.find((one) => [one.value, ...one.aliases.split(" ")].some((word) => word.toLowerCase() === name));
  };
  const number = /^[0-9,]+$/;
  const valuesOf = (field) => {
    const found = field && document.getElementById(`values-${field.value}`);
    return found ? [...found.options].map((one) => ({ value: one.value, words: one.getAttribute("label") || "" })) : [];
  };

  // What there is to choose from, best first.
  const rank = (one, text) => {
    const places = [one.value, one.aliases, one.help].map((words) => (words || "").toLowerCase().indexOf(text));
    if (places[0] === 0) return 0;
    return places[0] > 0 ? 1 : places[1] >= 0 ? 2 : places[2] >= 0 ? 3 : -1;
  };
  const fieldOffers = (text) => fields
    .map((one) => ({ ...one, rank: rank(one, text) }))
    .filter((one) => one.rank >= 0)
    .sort((one, other) => one.rank - other.rank)
    .map((one) => {
      const here = valuesOf(one).filter((value) => number.test(value.words)).slice(0, 4).map((value) => `${value.value} (${value.words})`);
      return { value: one.value, detail: one.help + (here.length ? ` Here: ${here.join(", ")}` : "") };
    });
  const valueOffers = (text, rule) => valuesOf(named(rule.querySelector("[name=field]").value))
    .filter((one) => one.value !== "empty" && `${one.value} ${one.words}`.toLowerCase().includes(text))
    .slice(0, 50)
    .map((one) => ({ value: one.value, detail: number.test(one.words) ? `${one.words} here` : one.words }));

  const marked = (words, text) => {
    const at = text ? words.toLowerCase().indexOf(text) : -1;
    if (at < 0) return [words];
    const mark = document.createElement("mark");
    mark.textContent = words.slice(at, at + text.length);
    return [words.slice(0, at), mark, words.slice(at + text.length)];
  };

  // One completion is open at a time.
  let open = null;
  const close = () => {
    if (!open) return;
    open.list.remove();
    open.input.setAttribute("aria-expanded", "false");
    open.input.removeAttribute("aria-activedescendant");
    open = null;
  };
  const point = (at) => {
    open.at = at;
    open.items.forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (at < 0) return open.input.removeAttribute("aria-activedescendant");
    open.input.setAttribute("aria-activedescendant", open.items[at].id);
    return open.items[at].scrollIntoView({ block: "nearest" });
  };
  const show = (input) => {
    close();
    const text = input.value.trim().toLowerCase();
    const rule = input.closest(".rule");
    const offers = input.name === "field" ? fieldOffers(text) : valueOffers(text, rule);
    if (!offers.length || (offers.length === 1 && offers[0].value.toLowerCase() === text)) return;
    const list = document.createElement("ul");
    list.className = "offers";
    list.role = "listbox";
    list.id = `${input.id}-offers`;
    list.setAttribute("aria-label", input.name === "field" ? "Fields" : "Values found here");
    const items = offers.map((offer, place) => {
      const item = document.createElement("li");
      item.role = "option";
      item.id = `${list.id}-${place}`;
      const name = document.createElement("strong");
      name.append(...marked(offer.value, text));
      item.append(name);
      if (offer.detail) {
        const detail = document.createElement("small");
        detail.append(...marked(offer.detail, text));
        item.append(detail);
      }
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => take(input, offer.value));
      return item;
    });
    list.append(...items);
    input.after(list);
    input.setAttribute("aria-expanded", "true");
    open = { input, list, items, offers, at: -1 };
    point(-1);
  };
  const take = (input, value) => {
    close();
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };

  // A rule asks only what its field can be asked.
  const fit = (rule) => {
    const field = named(rule.querySelector("[name=field]").value);
    const operator = rule.querySelector("[name=operator]");
    const value = rule.querySelector("[name=value]");
    if (field) {
      const words = field.operators.split("|");
      if ([...operator.options].map((one) => one.value).join("|") !== field.operators) {
        const chosen = operator.value;
        operator.replaceChildren(...words.map((word) => new Option(word, word, false, word === chosen)));
      }
      value.placeholder = operator.value === "is one of" ? "Several, with commas between" : field.hint;
    }
    value.parentElement.classList.toggle("unwanted", ["is set", "is not set"].includes(operator.value));
  };

  const equip = (input) => {
    input.removeAttribute("list");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", `${input.id}-offers`);
    input.addEventListener("click", () => show(input));
    input.addEventListener("input", () => { if (document.activeElement === input) show(input); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const here = open && open.input === input ? open : null;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!here) show(input);
        if (!open) return;
        const step = event.key === "ArrowDown" ? 1 : -1;
        const number = open.items.length;
        point(open.at < 0 && step < 0 ? number - 1 : (open.at + step + number) % number);
      } else if (event.key === "Enter" && here && here.at >= 0) {
        event.preventDefault();
        take(input, here.offers[here.at].value);
      } else if (event.key === "Escape" && here) {
        event.preventDefault();
        close();
      }
    });
  };
  for (const input of form.querySelectorAll(".combo > input")) equip(input);
  form.classList.add("quick");
  for (const late of document.querySelectorAll("aside .unless-quick")) late.hidden = true;

  let changed = form.dataset.changed === "yes";
  let sent = false;
  form.addEventListener("input", (event) => {
    changed = true;
    const rule = event.target.closest(".rule");
    if (rule) fit(rule);
  });
  for (const rule of form.querySelectorAll(".rule")) fit(rule);
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !sent) event.preventDefault();
  });

  // A count tells faults too; the field that has one says so.
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const rule of form.querySelectorAll(".rule")) {
      for (const part of ["field", "operator", "value"]) {
        const input = rule.querySelector(`[name=${part}]`);
        if (rule.querySelector(`.fault[data-part=${part}]`)) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    }
    for (const late of document.querySelectorAll("aside .unless-quick")) late.hidden = true;
  });
})();
