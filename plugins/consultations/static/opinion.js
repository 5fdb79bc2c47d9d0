/* Comfort while writing an opinion: a draft kept on this device for 7 days, and a phrase marked in the text taken over. */

const DAYS = 7 * 24 * 3600 * 1000; // milliseconds
const KEPT = `opinion ${location.pathname}`;
const FIELDS = ["text", "proposed", "quote"];

const form = document.getElementById("napishi");
const note = document.getElementById("draft");
const field = (name) => form.elements[name];

/* A private window, or a device without room, keeps nothing: then nothing is promised either. */
function keep() {
  const words = Object.fromEntries(FIELDS.map((name) => [name, field(name).value]));
  try {
    if (FIELDS.some((name) => words[name])) localStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), words }));
    else localStorage.removeItem(KEPT);
    note.hidden = false;
  } catch {
    note.hidden = true;
  }
}

/* What the server gave back is newer than what the device holds. */
function giveBack() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return;
  }
  if (!kept || Date.now() - kept.at > DAYS) return localStorage.removeItem(KEPT);
  if (FIELDS.some((name) => field(name).value)) return;
  for (const name of FIELDS) field(name).value = kept.words[name] || "";
  for (const box of form.querySelectorAll("details")) box.open = box.open || FIELDS.some((name) => box.contains(field(name)) && field(name).value);
  note.hidden = false;
}

/* A marked phrase is an extra: the buttons of the article and its paragraphs do without. */
function takeOver() {
  const marked = getSelection();
  const text = document.querySelector(".doc");
  if (!text || marked.isCollapsed || !text.contains(marked.anchorNode) || !text.contains(marked.focusNode)) return;
  field("quote").value = marked.toString().trim().slice(0, 1000);
  field("quote").closest("details").open = true;
  keep();
}

if (form && note) {
  giveBack();
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => localStorage.removeItem(KEPT));
  document.addEventListener("pointerup", () => setTimeout(takeOver));
}
