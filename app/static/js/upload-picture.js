// The window in which a picture is turned and cut: by mouse, finger or keyboard, to a fixed shape where the slot has one.

const LONGEST = 2400; // pixels of the longer side, as the server keeps them
const QUALITY = 0.92;
const SHOWN = 560; // pixels of the longer side on the screen

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function toFile(canvas, name) {
  return new Promise((done, failed) => canvas.toBlob((blob) => {
    if (!blob) { failed(new Error("no picture")); return; }
    done(new File([blob], `${name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" }));
  }, "image/jpeg", QUALITY));
}

function drawn(source, width, height, part = [0, 0, source.width, source.height]) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // what is transparent becomes paper
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, ...part, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** The same picture with as many pixels as the server keeps. What a camera wrote beside the pixels is gone. */
export async function smaller(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  return toFile(drawn(image, image.width * scale, image.height * scale), file.name);
}

function turned(source, clockwise) {
  const canvas = document.createElement("canvas");
  canvas.width = source.height;
  canvas.height = source.width;
  const pen = canvas.getContext("2d");
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((clockwise * Math.PI) / 2);
  pen.drawImage(source, -source.width / 2, -source.height / 2);
  return canvas;
}

class Editor {
  constructor(dialog, source, frame, words) {
    this.dialog = dialog;
    this.frame = frame;
    this.words = words;
    this.source = source;
    this.box = dialog.querySelector("[data-crop]");
    this.canvas = dialog.querySelector("[data-canvas]");
    this.size = dialog.querySelector("[data-size]");
    this.ratio = frame ? frame[0] / frame[1] : null;
    this.whole();
  }

  /** The largest part of the right shape; a head stands in the upper half, so more is left out below. */
  whole() {
    const { width, height } = this.source;
    const ratio = this.ratio ?? width / height;
    const w = Math.min(width, height * ratio);
    const h = w / ratio;
    this.part = { x: (width - w) / 2, y: (height - h) * 0.3, w, h };
    const most = Math.min(SHOWN, this.dialog.clientWidth - 48, window.innerHeight * 0.5);
    this.scale = Math.min(1, most / Math.max(width, height));
    this.canvas.width = width * this.scale;
    this.canvas.height = height * this.scale;
    this.canvas.getContext("2d").drawImage(this.source, 0, 0, this.canvas.width, this.canvas.height);
    this.place();
  }

  place() {
    const { x, y, w, h } = this.part;
    Object.assign(this.box.style, {
      left: `${x * this.scale}px`, top: `${y * this.scale}px`, width: `${w * this.scale}px`, height: `${h * this.scale}px`,
    });
    const small = this.frame && (Math.round(w) < this.frame[0] || Math.round(h) < this.frame[1]);
    const values = { width: Math.round(w), height: Math.round(h), least: this.frame?.join(" × ") };
    this.size.textContent = fill(small ? this.words.small : this.words.part, values);
    this.size.classList.toggle("bad", Boolean(small));
  }

  turn(clockwise) {
    this.source = turned(this.source, clockwise);
    this.whole();
  }

  move(dx, dy) {
    const { w, h } = this.part;
    this.part.x = Math.min(Math.max(0, this.part.x + dx), this.source.width - w);
    this.part.y = Math.min(Math.max(0, this.part.y + dy), this.source.height - h);
    this.place();
  }

  /** Wider by so many pixels, around the middle. */
  grow(by) {
    const { x, y, w, h } = this.part;
    const ratio = w / h;
    const width = Math.min(Math.max(this.least, w + by), this.source.width, this.source.height * ratio);
    this.part = { x: x + (w - width) / 2, y: y + (h - width / ratio) / 2, w: width, h: width / ratio };
    this.move(0, 0);
  }

  get least() {
    return Math.min(this.frame?.[0] ?? 40, this.source.width);
  }

  /** A corner goes to this point of the picture; the opposite one stays. */
  corner(name, px, py) {
    const { x, y, w, h } = this.part;
    const west = name.includes("w");
    const north = name.includes("n");
    const anchor = { x: west ? x + w : x, y: north ? y + h : y };
    const room = { w: west ? anchor.x : this.source.width - anchor.x, h: north ? anchor.y : this.source.height - anchor.y };
    let width = Math.min(Math.max(this.least, Math.abs(anchor.x - px)), room.w);
    let height = Math.min(Math.max(this.least / (this.ratio ?? 1), Math.abs(anchor.y - py)), room.h);
    if (this.ratio) {
      width = Math.min(Math.max(width, height * this.ratio), room.w, room.h * this.ratio);
      height = width / this.ratio;
    }
    this.part = { x: west ? anchor.x - width : anchor.x, y: north ? anchor.y - height : anchor.y, w: width, h: height };
    this.place();
  }

  result(name) {
    const { x, y, w, h } = this.part;
    const scale = Math.min(1, LONGEST / Math.max(w, h));
    return toFile(drawn(this.source, w * scale, h * scale, [x, y, w, h]), name);
  }
}

function listenToPointer(editor, listen) {
  let held = null;
  listen(editor.box, "pointerdown", (event) => {
    held = { corner: event.target.dataset.corner, x: event.clientX, y: event.clientY };
    editor.box.setPointerCapture(event.pointerId);
    event.preventDefault();
    editor.box.focus();
  });
  listen(editor.box, "pointermove", (event) => {
    if (!held) return;
    if (held.corner) {
      const edge = editor.canvas.getBoundingClientRect();
      editor.corner(held.corner, (event.clientX - edge.left) / editor.scale, (event.clientY - edge.top) / editor.scale);
    } else {
      editor.move((event.clientX - held.x) / editor.scale, (event.clientY - held.y) / editor.scale);
      Object.assign(held, { x: event.clientX, y: event.clientY });
    }
  });
  for (const name of ["pointerup", "pointercancel"]) listen(editor.box, name, () => { held = null; });
}

function listenToKeys(editor, listen) {
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  listen(editor.box, "keydown", (event) => {
    const far = (event.shiftKey ? 2 : 10) / editor.scale;
    if (steps[event.key]) editor.move(...steps[event.key].map((one) => one * far));
    else if (event.key === "+" || event.key === "=") editor.grow(2 * far);
    else if (event.key === "-") editor.grow(-2 * far);
    else return;
    event.preventDefault();
  });
}

/** The picture as it was turned and cut, or null when that was given up. Fails for what is no picture. */
export async function edited(file, frame, words) {
  const image = await createImageBitmap(file);
  const dialog = document.getElementById("picture-editor");
  const before = document.activeElement;
  dialog.showModal();
  // A very large picture is made smaller first, so that turning it is quick.
  const scale = Math.min(1, (LONGEST * 1.5) / Math.max(image.width, image.height));
  const editor = new Editor(dialog, drawn(image, image.width * scale, image.height * scale), frame, words);
  editor.box.focus();
  const listening = new AbortController();
  const listen = (target, name, does) => target.addEventListener(name, does, { signal: listening.signal });
  listenToPointer(editor, listen);
  listenToKeys(editor, listen);
  return new Promise((settled) => {
    const settle = (result) => { listening.abort(); dialog.close(); before?.focus?.(); settled(result); };
    listen(dialog, "cancel", (event) => { event.preventDefault(); settle(null); });
    listen(dialog, "click", async (event) => {
      const pressed = event.target.closest("button");
      if (!pressed) return;
      if (pressed.dataset.turn) editor.turn(Number(pressed.dataset.turn));
      else if (pressed.dataset.grow) editor.grow((Number(pressed.dataset.grow) * 24) / editor.scale);
      else if ("use" in pressed.dataset) settle(await editor.result(file.name));
      else settle(null);
    });
  });
}
