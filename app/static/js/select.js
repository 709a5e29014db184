// Choices that can be searched: a select or a text field with data-select becomes a combobox; with data-lookup the server searches.

import { words } from "./words.js";

const said = words("select");
const PAUSE = 250; // milliseconds after the last key
// A short list is better served by the picker of the phone itself.
const coarse = matchMedia("(pointer: coarse)").matches;

function line(data, escape) {
  const note = data.note ? `<small class="option-note">${escape(data.note)}</small>` : "";
  return `<div><span>${escape(data.text)}</span>${note}</div>`;
}

function message(text) {
  return () => {
    const shown = document.createElement("div");
    shown.className = "no-results";
    shown.textContent = text;
    return shown;
  };
}

function search(field) {
  return async function load(typed, callback) {
    const url = new URL(field.dataset.lookup, location.href);
    url.searchParams.set("q", typed);
    for (const name of (field.dataset.with ?? "").split(" ").filter(Boolean)) {
      url.searchParams.set(name, field.form?.elements[name]?.value ?? "");
    }
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      this.clearOptions((option) => this.items.includes(option.value));
      this.settings.render.no_results = message(said.none);
      callback(found.items.concat(found.more ? [{ value: "…", text: said.more, disabled: true }] : []));
    } catch {
      this.settings.render.no_results = message(said.failed);
      callback();
    }
  };
}

function settings(field) {
  const multiple = field.multiple;
  const lookup = Boolean(field.dataset.lookup);
  const chosen = !lookup || field.tagName === "SELECT" || !field.value
    ? {} : { options: [{ value: field.value, text: field.dataset.text || field.value }], items: [field.value] };
  return {
    ...chosen,
    maxItems: multiple ? null : 1,
    maxOptions: 500,
    create: false,
    valueField: "value",
    labelField: "text",
    searchField: lookup ? [] : ["text"],
    // The server has searched already: whatever it found is shown in its order.
    ...(lookup ? { score: () => () => 1, sortField: "$order" } : {}),
    load: lookup ? search(field) : null,
    loadThrottle: PAUSE,
    shouldLoad: (typed) => typed.trim().length > 0,
    preload: lookup && "preload" in field.dataset ? "focus" : false,
    hideSelected: multiple,
    closeAfterSelect: !multiple,
    allowEmptyOption: false,
    placeholder: field.dataset.placeholder || (lookup ? said.type : field.querySelector?.('option[value=""]')?.textContent.trim()),
    plugins: multiple ? { remove_button: { title: said.remove }, no_backspace_delete: {} } : {},
    render: {
      option: line,
      item: (data, escape) => `<div>${escape(data.text)}</div>`,
      no_results: message(said.none),
      not_loading: () => null,
      loading: message(said.loading),
    },
  };
}

export function enhance(field) {
  const worthwhile = field.multiple || field.dataset.lookup || !coarse;
  if (field.tomselect || !worthwhile || !globalThis.TomSelect) return null;
  const made = new globalThis.TomSelect(field, settings(field));
  // What describes the field (its hint, its error) describes the box that people type into.
  for (const name of ["aria-describedby", "aria-invalid", "aria-required", "aria-label"]) {
    if (field.hasAttribute(name)) made.control_input.setAttribute(name, field.getAttribute(name));
  }
  field.addEventListener("focus", () => made.focus()); // a link of the summary of errors leads to the field
  return made;
}

export function enhanceAll(root = document) {
  root.querySelectorAll("[data-select]").forEach(enhance);
}

enhanceAll();
