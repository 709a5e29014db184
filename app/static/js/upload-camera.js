// The window of the camera: live picture, taken, looked at, taken again or used.

const QUALITY = 0.95;

export const cameraKnown = () => Boolean(navigator.mediaDevices?.getUserMedia);

async function opened(facing) {
  const wanted = { width: { ideal: 2560 }, height: { ideal: 1920 }, facingMode: { ideal: facing } };
  return navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
}

const stop = (stream) => { for (const track of stream?.getTracks() ?? []) track.stop(); };

/** A picture as a file, null when given up, "refused" where there is no camera to use. */
export async function photograph(frame, words) {
  const dialog = document.getElementById("camera");
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const [video, still, told] = [part("video"), part("still"), part("told")];
  let facing = "environment";
  let stream;
  try { stream = await opened(facing); } catch { return "refused"; }
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
  const before = document.activeElement;

  const live = async () => {
    // Before the first picture is there, nothing can be taken.
    part("take").disabled = true;
    video.srcObject = stream;
    await video.play();
    part("take").disabled = false;
    taken(false);
    told.textContent = words.ready;
  };
  const taken = (done) => {
    video.hidden = done;
    still.hidden = !done;
    part("guide").hidden = done || !frame;
    part("take").hidden = done;
    part("use").hidden = part("again").hidden = !done;
    part("other").hidden = done || cameras.length < 2;
    part(done ? "use" : "take").focus();
  };
  const take = () => {
    still.width = video.videoWidth;
    still.height = video.videoHeight;
    still.getContext("2d").drawImage(video, 0, 0);
    taken(true);
    told.textContent = words.taken;
  };
  const other = async () => {
    stop(stream);
    facing = facing === "user" ? "environment" : "user";
    try { stream = await opened(facing); await live(); } catch { told.textContent = words.noCamera; }
  };

  dialog.showModal();
  const listening = new AbortController();
  return new Promise((settled) => {
    const settle = (result) => {
      listening.abort();
      stop(stream);
      video.srcObject = null;
      dialog.close();
      before?.focus?.();
      settled(result);
    };
    const use = () => still.toBlob((blob) => settle(new File([blob], `photo-${Date.now()}.jpg`, { type: "image/jpeg" })), "image/jpeg", QUALITY);
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); settle(null); }, { signal: listening.signal });
    dialog.addEventListener("click", (event) => {
      const pressed = event.target.closest("button")?.dataset;
      if (!pressed) return;
      if ("take" in pressed) take();
      else if ("again" in pressed) { taken(false); told.textContent = words.ready; }
      else if ("other" in pressed) other();
      else if ("use" in pressed) use();
      else settle(null);
    }, { signal: listening.signal });
    live().catch(() => settle("refused"));
  });
}
