// A form that is sent as a whole goes off only when its account is still in; else the password is asked for in place.

import { again } from "./form-again.js";
import { tell } from "./send.js";
import { words } from "./words.js";

const { offline } = words("again");

for (const form of document.querySelectorAll("form[data-again]")) {
  let known = false;
  let busy = false;
  form.addEventListener("submit", async (event) => {
    if (known) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    if (busy) return;
    busy = true;
    known = Boolean(await again({ asked: true }).then((reached) => {
      if (reached === false) tell(offline, true);
      return reached;
    }).finally(() => { busy = false; }));
    if (!known) return;
    form.requestSubmit(submitter ?? undefined);
    known = false; // where the answer is a file, the page stays and may be sent once more
  }, { capture: true });
}
