/* The door on a telephone: ticks go without leaving the page, and wait on the telephone while there is no network. */

const KEPT = `door ${location.pathname}`;
const AGAIN = 15000; // milliseconds until what waits is tried once more

const find = (id) => document.getElementById(id);
const wait = () => JSON.parse(localStorage.getItem(KEPT) || "[]");
const keep = (ticks) => (ticks.length ? localStorage.setItem(KEPT, JSON.stringify(ticks)) : localStorage.removeItem(KEPT));
const words = (name, count) => {
  const said = find("network").dataset;
  return (count === 1 ? said[`${name}One`] : said[`${name}Many`]).replace("{n}", count);
};
const say = (text) => {
  if (find("network").textContent !== text) find("network").textContent = text;
};

/* What waits is kept without the token of the sign-in: the page that sends it has a newer one. Its key and its hour stay
   with it, so that the server takes it once however often it is sent. */
function noted(form) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "_token");
  return { url: form.getAttribute("action"), fields: [...fields, ["at", new Date().toISOString()]], row: form.closest("li").id };
}

/* "sent"; "away" (no network, or a server that is busy: try again); "out" (signed out); or the server's own sentence. */
async function send(tick) {
  const token = document.querySelector('#main [name="_token"]') || document.querySelector('[name="_token"]');
  const body = new URLSearchParams([...tick.fields, ["_token", token ? token.value : ""]]);
  let answer;
  try {
    answer = await fetch(tick.url, { method: "POST", body, redirect: "manual" });
  } catch {
    return "away";
  }
  if (answer.type === "opaqueredirect") return "sent";
  if (answer.status === 401) return "out";
  if (answer.status === 429 || answer.status >= 500) return "away";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.status === 403) return page.querySelector('#main [name="_token"]') ? "stale" : "out";
  const sentence = page.querySelector(".errors li") || page.querySelector("#main p");
  return { refused: sentence ? sentence.textContent.trim() : String(answer.status) };
}

/* The list as the server has it now; a page that is somebody's form for signing in is none. */
async function refresh() {
  const answer = await fetch(location.href, { redirect: "manual" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("expected");
  if (!fresh || !find("expected")) return false;
  const focused = document.activeElement && document.activeElement.closest("#expected li");
  find("expected").replaceWith(fresh);
  find("count").textContent = page.getElementById("count").textContent;
  const token = page.querySelector('#main [name="_token"]');
  for (const field of document.querySelectorAll('[name="_token"]')) if (token) field.value = token.value;
  mark();
  if (focused && find(focused.id)) find(focused.id).querySelector("button").focus();
  return true;
}

/* Whoever is ticked on this telephone only is marked so, in words. */
function mark() {
  for (const tick of wait()) {
    const row = find(tick.row);
    if (!row || row.dataset.waits) continue;
    row.dataset.waits = "1";
    const note = document.createElement("span");
    note.className = "tag tag--soon";
    note.textContent = find("network").dataset.waits;
    row.querySelector("span").append(document.createElement("br"), note);
    row.querySelector("button").setAttribute("aria-disabled", "true");
  }
}

let isSending = false;

async function sendAll() {
  if (isSending || !wait().length) return;
  isSending = true;
  let sent = 0;
  let outcome = "sent";
  const refused = [];
  while (wait().length) {
    const [tick, ...others] = wait();
    outcome = await send(tick);
    if (outcome === "stale" && (await refresh().catch(() => false))) outcome = await send(tick);
    if (typeof outcome === "string" && outcome !== "sent") break;
    keep(wait().filter((one) => one.url !== tick.url || String(one.fields) !== String(tick.fields)));
    if (outcome === "sent") sent += 1;
    else refused.push(`${find("network").dataset.refused.replace("{name}", tick.name)} ${outcome.refused}`);
    if (!others.length) break;
  }
  isSending = false;
  tell(outcome, sent, refused);
  if (sent || refused.length) await refresh().catch(() => {});
  if (wait().length && outcome !== "out") setTimeout(sendAll, AGAIN);
}

let wasAway = wait().length > 0;

function tell(outcome, sent, refused) {
  const said = [...refused];
  if (outcome === "out" || outcome === "stale") said.push(find("network").dataset.signedOut);
  else if (wait().length) said.push(words("away", wait().length));
  else if (wasAway && sent) said.push(words("sent", sent));
  wasAway = wait().length > 0;
  say(said.join(" "));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "search" && !navigator.onLine) {
    event.preventDefault();
    filter(form.elements.q.value.trim().toLocaleLowerCase());
  }
  if (!form.dataset.do) return;
  event.preventDefault();
  const row = form.closest("li");
  if (row.dataset.waits) return;
  keep([...wait(), { ...noted(form), name: row.dataset.name }]);
  if (!navigator.onLine) {
    wasAway = true;
    say(words("away", wait().length));
  }
  mark();
  sendAll();
});

/* Without a network the list that is on the telephone is searched, as the server would. */
function filter(typed) {
  const code = typed.replace(/[^\p{L}\p{N}]/gu, "").toLocaleUpperCase();
  const latin = [...code].map((sign) => "ABEKMHPCTX"["АВЕКМНРСТХ".indexOf(sign)] || sign).join("");
  let found = 0;
  for (const row of document.querySelectorAll("#expected > li")) {
    const { name, code: its } = row.dataset;
    row.hidden = !(name.toLocaleLowerCase().includes(typed) || its === latin);
    found += row.hidden ? 0 : 1;
  }
  if (!found) say(find("network").dataset.nobody);
}

window.addEventListener("online", sendAll);
mark();
sendAll();
