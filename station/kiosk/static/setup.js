// The pages of an installer: the live numbers of the cells, the right page for what the workbench does, a pad for numbers.

const EVERY_MS = 500;
const OVERDUE_MS = 60_000; // a slow board starts in half of that
const { token, stateUrl, idleS, next: nextUrl } = document.querySelector("main").dataset;
const left = document.querySelector("[data-left]");
let idle = null;

function show({ numbers, left_s }) {
  for (const place of document.querySelectorAll("[data-cell]")) place.textContent = numbers[place.dataset.cell] ?? "–";
  if (left && left_s !== null) left.textContent = left_s > 0 ? Math.ceil(left_s) : left.dataset.working;
}

async function look() {
  try {
    const answer = await fetch(stateUrl, { redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      location.reload();  // nobody is signed in any more: it asks for the PIN
      return;
    }
    const state = await answer.json();
    if (token && state.token !== token) location.reload();
    else show(state);
  } catch {
    // The kiosk is restarting: follow.js says so, and a reload would find nobody.
  }
}

/** A setting was saved, so the kiosk starts anew; then the next page comes from the new one. */
async function lookForTheNew() {
  try {
    const { boot } = await (await fetch("/health")).json();
    if (boot !== document.body.dataset.boot) location.replace(nextUrl);
  } catch {
    // It is starting.
  }
}

/** Nobody is at the screen any more: the next runner finds the start. A calibration that goes on has no such limit. */
function wait() {
  clearTimeout(idle);
  if (idleS) idle = setTimeout(() => location.replace("/"), idleS * 1000);
}

/** The pad types into the field that had the focus last; on a touch screen there is no other keyboard. */
function pad(keys) {
  let field = document.querySelector("[data-number][autofocus]") ?? document.querySelector("[data-number]");
  document.addEventListener("focusin", ({ target }) => { if (target.matches("[data-number]")) field = target; });
  keys.addEventListener("click", ({ target }) => {
    const key = target.closest("[data-key]")?.dataset.key;
    if (!key || !field) return;
    if (key === "delete") field.value = field.value.slice(0, -1);
    else if (key === "minus") field.value = field.value.startsWith("−") ? field.value.slice(1) : `−${field.value}`;
    else if (key === "next") field = next(field);
    else if (field.value.length < field.maxLength) field.value += key;
    field.focus();
    mark(field);
  });
  document.addEventListener("focusin", () => mark(field));
  mark(field);
}

function next(field) {
  const fields = [...document.querySelectorAll("[data-number]")];
  return fields[(fields.indexOf(field) + 1) % fields.length];
}

/** Which field the pad types into, also after the finger has left it for the pad. */
function mark(field) {
  for (const each of document.querySelectorAll("[data-number]")) each.classList.toggle("typed", each === field);
}

/** A corner of the screen that took a touch. */
for (const corner of document.querySelectorAll("[data-corner]")) {
  corner.addEventListener("click", () => {
    corner.classList.add("felt");
    corner.textContent = "✓";
    const all = document.querySelectorAll("[data-corner]:not(.felt)").length === 0;
    if (all) document.querySelector("[data-corners]").textContent = document.querySelector("[data-corners]").dataset.all;
  });
}

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, wait);
for (const keys of document.querySelectorAll("[data-keys]")) pad(keys);
wait();
if (nextUrl) {
  setInterval(lookForTheNew, EVERY_MS);
  setTimeout(() => { document.getElementById("overdue").hidden = false; }, OVERDUE_MS);
}
if (document.getElementById("keys")) {
  const { NicknameKeys } = await import("./nickname_keys.js");
  new NicknameKeys(document.getElementById("nickname"), document.getElementById("keys"));
}
if (stateUrl) {
  look();
  setInterval(look, EVERY_MS);
}
