// Follows the station by its live events: goes to the page of the current phase, shows problems, and survives restarts.

const FIRST_WAIT_MS = 3000;
const AGAIN_MS = 2000;
const ANNOUNCED_AFTER_MS = 300;
const ASKING = "dialog[open], [popover]:popover-open";
const shown = document.body.dataset.screen;
const away = document.getElementById("away");
const language = new URLSearchParams({ lang: document.documentElement.lang });
const { boot, live, visit } = document.body.dataset;
const handlers = new Map();
const latest = new Map();
let awayTimer = null;

/** Call `handle(data)` for each event of this kind: "state", "health", "force", "step" or "pose"; and for the last one. */
export function on(kind, handle) {
  handlers.set(kind, [...(handlers.get(kind) ?? []), handle]);
  if (latest.has(kind)) handle(latest.get(kind));
}

function heard() {
  clearTimeout(awayTimer);
  awayTimer = null;
  away.hidden = true;
}

function lost() {
  awayTimer ??= setTimeout(() => { away.hidden = false; }, FIRST_WAIT_MS);
}

/** The same page with what is there now; not under the finger of somebody who is answering a question. */
function showAgain() {
  if (document.querySelector(ASKING)) setTimeout(showAgain, AGAIN_MS);
  else location.reload();
}

function followState(state) {
  const another = state.boot !== boot || state.screen !== shown || state.visit !== visit;
  if (shown && another) {
    location.replace("/");
    return;
  }
  if ("picturesComing" in document.body.dataset && state.pictures_coming === false) showAgain();
  for (const place of document.querySelectorAll("[data-notice]")) {
    place.textContent = state.notice === place.dataset.said ? "" : state.notice ?? "";
  }
}

/** Lists the problems; shows what needs a part only while it works, and what says that it lacks only while it does not. */
function showProblems({ problems }) {
  const broken = new Set(problems.map(({ part }) => part));
  for (const element of document.querySelectorAll("[data-needs]")) element.hidden = broken.has(element.dataset.needs);
  for (const element of document.querySelectorAll("[data-lacks]")) element.hidden = !broken.has(element.dataset.lacks);
  for (const list of document.querySelectorAll("[data-problems]")) {
    list.replaceChildren(...problems.map(({ text }) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
  }
}

function connect() {
  const source = new EventSource(`/events?${language}&live=${live}`);
  for (const kind of ["state", "health", "force", "step", "pose"]) {
    source.addEventListener(kind, (event) => {
      heard();
      const data = JSON.parse(event.data);
      latest.set(kind, data);
      for (const handle of handlers.get(kind) ?? []) handle(data);
    });
  }
  source.onerror = () => {
    lost();
    if (source.readyState === EventSource.CLOSED) {  // refused: all streams are taken
      setTimeout(connect, AGAIN_MS);
      poll();
    }
  };
}

async function poll() {
  try {
    const health = await (await fetch(`/health?${language}`)).json();
    heard();
    showProblems(health);
    followState(health);
  } catch {
    lost();
  }
}

// A second tap while the first is under way would ask twice.
document.addEventListener("submit", (event) => {
  if (event.target.classList.contains("busy")) event.preventDefault();
  event.target.classList.add("busy");
});
document.addEventListener("contextmenu", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(ASKING);  // these close themselves
  if (event.key === "Escape" && !event.defaultPrevented && !open) document.querySelector("[data-back]")?.click();
});
// A live region speaks only of what changes after it was there.
setTimeout(() => { document.getElementById("announced").textContent = document.title; }, ANNOUNCED_AFTER_MS);

on("state", followState);
on("health", showProblems);
connect();
