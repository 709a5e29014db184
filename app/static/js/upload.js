// Files: dropped or chosen, sent at once with their progress, shown as they will be kept. Without this the form sends them.

import { tell } from "./send.js";

const words = document.documentElement.lang.startsWith("zh")
  ? { failed: "上传失败，请重试。", remove: "移除", full: "此处的文件数量已达上限，请先移除一个。" }
  : { failed: "The upload failed. Please try again.", remove: "Remove", full: "No more files fit here; remove one first." };

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function figure(slot, held) {
  const shown = element("figure", "upload-file");
  const link = element("a", held.picture ? "" : "upload-pdf", held.picture ? "" : "PDF");
  link.href = held.url;
  link.target = "_blank";
  link.rel = "noopener";
  if (held.picture) {
    const image = element("img");
    image.src = held.url;
    image.alt = held.name;
    link.append(image);
  }
  const caption = element("figcaption");
  caption.append(element("span", "upload-name", held.name));
  held.warnings.forEach((warning) => caption.append(element("span", "upload-warning", warning)));
  const token = element("input");
  token.type = "hidden";
  token.name = slot.dataset.name;
  token.value = held.token;
  const remove = element("button", "btn btn-sm", words.remove);
  remove.type = "button";
  remove.addEventListener("click", () => { shown.remove(); changed(slot); });
  caption.append(token, remove);
  shown.append(link, caption);
  return shown;
}

function changed(slot) {
  slot.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
}

function fault(slot, text) {
  const line = element("p", "invalid-feedback", text);
  slot.querySelector("[data-faults]").replaceChildren(line);
}

function upload(slot, file) {
  const progress = slot.querySelector("progress");
  const values = new FormData();
  values.append("slot", slot.dataset.slot);
  values.append("file", file);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", slot.dataset.upload);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf"]').content);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total; });
    request.addEventListener("loadend", () => {
      progress.hidden = true;
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* said below */ }
      if (request.status !== 200) fault(slot, `${file.name}: ${answer.message || words.failed}`);
      done(request.status === 200 ? answer : null);
    });
    progress.value = 0;
    progress.hidden = false;
    request.send(values);
  });
}

async function take(slot, files) {
  const held = slot.querySelector("[data-held]");
  const most = Number(slot.dataset.most);
  slot.querySelector("[data-faults]").replaceChildren();
  for (const file of most === 1 ? files.slice(0, 1) : files) {
    if (most > 1 && held.children.length >= most) { tell(words.full, true); return; }
    const answer = await upload(slot, file);
    if (!answer) continue;
    if (most === 1) held.replaceChildren();
    held.append(figure(slot, answer));
    changed(slot);
  }
}

document.querySelectorAll("[data-upload]").forEach((slot) => {
  const input = slot.querySelector("input[type=file]");
  const drop = slot.querySelector(".upload-drop");
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = ""; // the script has it; the form must not send it again
    await take(slot, files);
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); take(slot, [...event.dataTransfer.files]); });
});
