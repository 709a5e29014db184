// The papers of a case: each is fetched once when it is looked at, then zoomed, moved, turned, and held against the identity.

const words = JSON.parse(document.getElementById("bench-words").textContent);
const viewer = document.querySelector("[data-viewer]");
const links = [...document.querySelectorAll("[data-paper]")];
const bench = document.querySelector("[data-bench]");
const LEAST = 0.05;
const MOST = 8;
const STEP = 1.25;

function session(name, value) {
  try {
    if (value === undefined) return JSON.parse(sessionStorage.getItem(name) ?? "null");
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch { /* it is not kept then */ }
  return null;
}

// What was fetched stays with the page: a paper is asked for, and written into the audit, once.
const fetched = new Map();

async function sheets(sources) {
  return Promise.all(sources.map((source) => new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done({ source, width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = failed;
    image.src = source;
  })));
}

async function asked(url, accept) {
  const answer = await fetch(url, { headers: { Accept: accept } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

async function images(address, pages) {
  const url = new URL(address, location.href).href;
  if (!fetched.has(url)) {
    fetched.set(url, (async () => {
      if (!pages) return { total: 1, found: await sheets([URL.createObjectURL(await (await asked(url, "image/*")).blob())]) };
      const told = await (await asked(pages, "application/json")).json();
      return { total: told.total, found: await sheets(told.pages) };
    })());
    fetched.get(url).catch(() => fetched.delete(url));
  }
  return fetched.get(url);
}

// The pages of a long document that were not painted yet.
async function further(url, pages) {
  const known = await fetched.get(new URL(url, location.href).href);
  const told = await (await asked(`${pages}?from=${known.found.length + 1}`, "application/json")).json();
  known.found.push(...await sheets(told.pages));
  if (!told.pages.length) known.total = known.found.length;
}

class Stage {
  constructor(element) {
    this.element = element;
    this.sheets = [];
    this.fit = "whole";
    this.scale = 1;
    this.turn = 0;
    new ResizeObserver(() => this.lay()).observe(element);
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    element.addEventListener("pointerdown", (event) => this.drag(event));
  }

  async show(id, url, pages, alt) {
    this.id = id;
    this.element.replaceChildren(note(words.loading));
    this.sheets = [];
    let found;
    try {
      found = await images(url, pages);
    } catch {
      if (this.id !== id) return false;
      const link = document.createElement("a");
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = alt;
      this.element.replaceChildren(note(words.failed, link));
      return false;
    }
    if (this.id !== id) return false;
    this.turn = session(`bench-turn-${id}`) ?? 0;
    this.fit = found.total > 1 ? "width" : "whole";
    this.fill(found, alt);
    if (found.total > found.found.length) this.more(url, pages, found, alt);
    this.element.scrollTo(0, 0);
    return true;
  }

  fill({ found, total }, alt) {
    this.sheets = found.map((one, number) => {
      const sheet = document.createElement("div");
      sheet.className = "sheet";
      const image = document.createElement("img");
      image.src = one.source;
      image.alt = total > 1 ? `${alt} ${words.page.replace("{page}", number + 1).replace("{pages}", total)}` : alt;
      image.draggable = false;
      sheet.append(image);
      return { sheet, image, width: one.width, height: one.height };
    });
    this.element.replaceChildren(...this.sheets.map((one) => one.sheet));
    this.lay();
  }

  more(url, pages, known, alt) {
    const id = this.id;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn stage-more";
    button.textContent = words.more.replace("{count}", known.total - known.found.length);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await further(url, pages);
      } catch {
        button.disabled = false;
        return;
      }
      if (this.id !== id) return;
      this.fill(known, alt);
      if (known.total > known.found.length) this.more(url, pages, known, alt);
    });
    this.element.append(button);
  }

  lay() {
    if (!this.sheets.length || !this.element.clientWidth) return;
    const across = this.turn % 180 !== 0;
    const [wide, high] = [this.element.clientWidth - 16, this.element.clientHeight - 16];
    const width = Math.max(...this.sheets.map((one) => (across ? one.height : one.width)));
    const height = Math.max(...this.sheets.map((one) => (across ? one.width : one.height)));
    if (this.fit === "width") this.scale = wide / width;
    if (this.fit === "whole") this.scale = Math.min(wide / width, high / height);
    for (const { sheet, image, width: own, height: tall } of this.sheets) {
      const [w, h] = [own * this.scale, tall * this.scale];
      sheet.style.width = `${across ? h : w}px`;
      sheet.style.height = `${across ? w : h}px`;
      image.style.width = `${w}px`;
      image.style.height = `${h}px`;
      image.style.transform = `translate(-50%, -50%) rotate(${this.turn}deg)`;
    }
  }

  zoom(factor, x = this.element.clientWidth / 2, y = this.element.clientHeight / 2) {
    const before = this.scale;
    this.scale = Math.min(MOST, Math.max(LEAST, before * factor));
    this.fit = "free";
    const [left, top] = [this.element.scrollLeft + x, this.element.scrollTop + y];
    this.lay();
    // What lies under the pointer stays under it.
    this.element.scrollTo((left * this.scale) / before - x, (top * this.scale) / before - y);
    say(words.zoom.replace("{percent}", Math.round(this.scale * 100)));
  }

  fitted(how) {
    this.fit = how;
    this.lay();
  }

  turned(degrees) {
    this.turn = (this.turn + degrees + 360) % 360;
    if (this.fit === "free") this.fit = "whole";
    session(`bench-turn-${this.id}`, this.turn);
    this.lay();
    say(words.turned.replace("{degrees}", this.turn));
  }

  wheel(event) {
    // A document of several pages is scrolled; a single picture is zoomed.
    if (!this.sheets.length || (this.sheets.length > 1 && !event.ctrlKey)) return;
    event.preventDefault();
    const area = this.element.getBoundingClientRect();
    this.zoom(event.deltaY < 0 ? STEP ** 0.5 : STEP ** -0.5, event.clientX - area.left, event.clientY - area.top);
  }

  drag(event) {
    if (event.button !== 0 || event.pointerType === "touch" || event.target.closest("button, a")) return;
    const start = { x: event.clientX + this.element.scrollLeft, y: event.clientY + this.element.scrollTop };
    const move = (moved) => this.element.scrollTo(start.x - moved.clientX, start.y - moved.clientY);
    this.element.setPointerCapture(event.pointerId);
    this.element.classList.add("stage-moving");
    this.element.addEventListener("pointermove", move);
    this.element.addEventListener("pointerup", () => {
      this.element.removeEventListener("pointermove", move);
      this.element.classList.remove("stage-moving");
    }, { once: true });
  }
}

function note(text, link) {
  const line = document.createElement("p");
  line.className = "stage-note";
  line.append(text);
  if (link) line.append(" ", link);
  return line;
}

const name = viewer.querySelector("[data-name]");
let label = "";

function say(text) {
  name.textContent = text ? `${label} · ${text}` : label;
}

const stage = new Stage(viewer.querySelector("[data-stage]"));
const beside = new Stage(viewer.querySelector("[data-stage-beside]"));
const portrait = viewer.querySelector("[data-portrait]");
const compare = viewer.querySelector('[data-view="compare"]');
let active = stage;
let current = -1;

async function look(number) {
  if (!links.length) return;
  current = (number + links.length) % links.length;
  const link = links[current];
  links.forEach((one) => one.classList.toggle("paper-open", one === link));
  link.setAttribute("aria-current", "true");
  links.filter((one) => one !== link).forEach((one) => one.removeAttribute("aria-current"));
  link.closest(".strip-kind").scrollIntoView({ block: "nearest", inline: "nearest" });
  label = `${link.dataset.label} · ${link.title}`;
  say("");
  active = stage;
  const shown = await stage.show(link.dataset.paper, link.href, link.dataset.pages, link.dataset.label);
  if (shown) seen(link);
}

function seen(link) {
  const known = session("bench-seen") ?? [];
  if (!known.includes(link.dataset.paper)) session("bench-seen", [...known, link.dataset.paper].slice(-500));
  mark(link);
  const first = stage.sheets[0];
  if (first && !link.querySelector(".paper-face img")) {
    const small = document.createElement("img");
    small.src = first.image.src;
    small.alt = "";
    link.querySelector(".paper-face").replaceChildren(small);
  }
}

function mark(link) {
  link.querySelector("[data-seen]").hidden = false;
}

async function besides(on) {
  if (!compare) return;
  compare.setAttribute("aria-pressed", String(on));
  portrait.hidden = !on;
  beside.element.hidden = !on;
  viewer.querySelector("[data-stages]").classList.toggle("stages-two", on);
  if (!on) {
    active = stage;
    return;
  }
  const chosen = portrait.selectedOptions[0];
  const shown = await beside.show(chosen.value, chosen.dataset.url, "", chosen.textContent);
  const own = links.find((link) => link.dataset.paper === chosen.value);
  if (shown && own) mark(own);
}

const acts = {
  before: () => look(current - 1),
  after: () => look(current + 1),
  smaller: () => active.zoom(1 / STEP),
  larger: () => active.zoom(STEP),
  width: () => active.fitted("width"),
  whole: () => active.fitted("whole"),
  left: () => active.turned(-90),
  right: () => active.turned(90),
  compare: () => besides(compare?.getAttribute("aria-pressed") !== "true"),
  full: () => (document.fullscreenElement ? document.exitFullscreen() : viewer.requestFullscreen?.()),
};

viewer.hidden = false;
viewer.addEventListener("click", (event) => {
  const button = event.target.closest("[data-view]");
  if (button) acts[button.dataset.view]();
});
portrait?.addEventListener("change", () => besides(true));
for (const one of [stage, beside]) one.element.addEventListener("focusin", () => { active = one; });
for (const one of [stage, beside]) one.element.addEventListener("pointerdown", () => { active = one; });
links.forEach((link, number) => link.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  look(number);
}));
for (const link of links) if ((session("bench-seen") ?? []).includes(link.dataset.paper)) mark(link);
bench.addEventListener("bench:view", (event) => acts[event.detail]?.());
if (links.length) look(0);
else stage.element.replaceChildren(note(words.none));
