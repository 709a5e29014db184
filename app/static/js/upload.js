// Files: dropped, chosen or photographed, sent at once with their progress. Without this the form sends them itself.

import { again } from "./form-again.js";
import { photograph, cameraKnown } from "./upload-camera.js";
import { edited, smaller } from "./upload-picture.js";

const AT_ONCE = 2;
const MEGABYTE = 1_048_576;
const words = JSON.parse(document.getElementById("upload-words").textContent);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text; // never as HTML: a file's name is somebody's text
  return made;
}

function button(text, label, does) {
  const made = element("button", "btn btn-sm", text);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.addEventListener("click", does);
  return made;
}

let running = 0;
const waiting = [];

/** No more than a few at once: each picture is drawn anew on the server. */
async function inTurn(work) {
  if (running >= AT_ONCE) await new Promise((start) => waiting.push(start));
  running += 1;
  try { return await work(); } finally { running -= 1; waiting.shift()?.(); }
}

class Slot {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input[type=file]");
    this.held = box.querySelector("[data-held]");
    this.lines = box.querySelector("[data-lines]");
    this.most = Number(box.dataset.most);
    this.largest = Number(box.dataset.largest);
    this.frame = box.dataset.frame?.split(" ").map(Number) ?? null;
    this.types = this.input.accept.split(",");
    this.input.addEventListener("change", () => {
      const files = [...this.input.files];
      this.input.value = ""; // the script has it; the form must not send it again
      this.take(files);
    });
    this.listenToDrops(box.querySelector(".upload-drop"));
    this.listenToCamera(box.querySelector("[data-camera]"));
    for (const figure of this.held.querySelectorAll("figure")) this.enhance(figure);
  }

  listenToDrops(drop) {
    for (const name of ["dragenter", "dragover"]) {
      drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
    }
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => { event.preventDefault(); this.take([...event.dataTransfer.files]); });
  }

  listenToCamera(shutter) {
    shutter.hidden = false;
    shutter.addEventListener("click", async () => {
      if (!cameraKnown()) { this.askTelephone(); return; }
      const shot = await photograph(this.frame, words);
      if (shot === "refused") this.askTelephone();
      else if (shot) this.take([shot]);
    });
  }

  /** Where a page cannot show the camera, a telephone's own camera program may still answer. */
  askTelephone() {
    if (!matchMedia("(pointer: coarse)").matches) { this.fault(words.noCamera); return; }
    const field = element("input");
    field.type = "file";
    field.accept = "image/*";
    field.setAttribute("capture", "environment");
    field.addEventListener("change", () => this.take([...field.files]));
    field.click();
  }

  fault(text) {
    this.box.querySelector("[data-faults]").append(element("p", "invalid-feedback", text));
  }

  get count() {
    return [...this.held.children].filter((figure) => !figure.querySelector('[name="remove-file"]')?.checked).length + this.lines.children.length;
  }

  async take(files) {
    this.box.querySelector("[data-faults]").replaceChildren();
    for (const file of this.most === 1 ? files.slice(0, 1) : files) {
      if (this.most > 1 && this.count >= this.most) { this.fault(words.full); return; }
      const ready = await this.prepared(file);
      if (ready) this.send(ready);
    }
  }

  /** The file as it goes off: of the right kind, small enough, a portrait cut to its frame; null when it does not go. */
  async prepared(file) {
    const name = file.name;
    if (!this.types.includes(file.type)) {
      this.fault(fill(words.type, { name, allowed: this.types.map((one) => one.split("/")[1].toUpperCase()).join(", ") }));
      return null;
    }
    const picture = file.type.startsWith("image/");
    if (picture && this.frame) return this.edit(file);
    const ready = picture && file.size > this.largest ? await smaller(file).catch(() => file) : file;
    if (ready.size <= this.largest) return ready;
    this.fault(fill(words.size, { name, size: (file.size / MEGABYTE).toFixed(1), most: Math.round(this.largest / MEGABYTE) }));
    return null;
  }

  async edit(file) {
    try {
      return await edited(file, this.frame, words);
    } catch {
      this.fault(fill(words.broken, { name: file.name }));
      return null;
    }
  }

  send(file, instead = null) {
    const name = file.name;
    const line = element("li", "upload-line");
    const said = element("span", "upload-name", name);
    const progress = element("progress", "upload-progress");
    progress.max = 100;
    progress.value = 0;
    progress.setAttribute("aria-label", name);
    const request = new XMLHttpRequest();
    let stopped = false;
    const stop = button(words.cancel, fill(words.cancelNamed, { name }), () => { stopped = true; request.abort(); line.remove(); this.input.focus(); });
    line.append(said, progress, stop);
    this.lines.append(line);
    const show = (event) => { if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total; };
    inTurn(() => (stopped ? null : this.sent(request, file, show))).then((answer) => {
      if (stopped || !answer) return;
      if (answer.token) { line.remove(); this.add(answer, instead); return; }
      const text = `${name}: ${answer.message ?? words.failed}`;
      const retry = button(words.retry, fill(words.retryNamed, { name }), () => { line.remove(); this.send(file, instead); });
      said.textContent = text;
      said.classList.add("upload-fault");
      progress.remove();
      stop.replaceWith(retry, button(words.remove, fill(words.removeNamed, { name }), () => { line.remove(); this.input.focus(); }));
    });
  }

  /** What the server answers; after a time-out the same is sent again when the same account is back. */
  sent(request, file, show) {
    const values = new FormData();
    values.append("slot", this.box.dataset.slot);
    values.append("file", file, file.name);
    return new Promise((done) => {
      request.open("POST", this.box.dataset.upload);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf"]').content);
      request.upload.onprogress = show;
      request.onabort = () => done(null);
      request.onerror = () => done({ message: words.offline });
      request.onload = async () => {
        if (request.status === 401 && (await again({ asked: true }))) { done(await this.sent(request, file, show)); return; }
        try {
          const answer = JSON.parse(request.responseText);
          done(request.status === 200 ? answer : { message: answer.message });
        } catch { done({}); }
      };
      request.send(values);
    });
  }

  add(answer, instead) {
    const shown = element("figure", "upload-file");
    const link = element("a", answer.picture ? "" : "upload-pdf", answer.picture ? "" : "PDF");
    link.href = answer.url;
    link.target = "_blank";
    link.rel = "noopener";
    if (answer.picture) {
      const image = element("img");
      image.src = answer.url;
      image.alt = this.box.dataset.label;
      link.append(image);
    }
    const caption = element("figcaption");
    const name = element("span", "upload-name", answer.name);
    name.title = answer.name;
    const token = element("input");
    token.type = "hidden";
    token.name = this.box.dataset.name;
    token.value = answer.token;
    caption.append(name, ...answer.warnings.map((warning) => element("span", "upload-warning", warning)), token);
    caption.append(button(words.remove, fill(words.removeNamed, { name: answer.name }), () => { shown.remove(); this.changed(); this.input.focus(); }));
    shown.append(link, caption);
    if (this.most === 1) this.held.replaceChildren();
    else if (instead) this.drop(instead);
    this.held.append(shown);
    this.enhance(shown, answer.name);
    this.changed();
    this.box.querySelector("[data-faults]").replaceChildren();
  }

  /** A file that is stored goes when the form is saved; one that was only uploaded goes now. */
  drop(figure) {
    const box = figure.querySelector('[name="remove-file"]');
    if (!box) { figure.remove(); return; }
    box.checked = true;
    figure.hidden = true;
  }

  enhance(figure, known = "") {
    const image = figure.querySelector("img");
    if (!image) return;
    const name = known || figure.querySelector(".upload-name").textContent.trim();
    figure.querySelector("figcaption").append(button(words.edit, fill(words.editNamed, { name }), async () => {
      const stored = await fetch(image.src);
      const file = new File([await stored.blob()], name, { type: "image/jpeg" });
      const done = await this.edit(file);
      if (done) this.send(done, figure);
    }));
  }

  changed() {
    this.box.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.querySelectorAll("[data-upload]").forEach((box) => new Slot(box));
