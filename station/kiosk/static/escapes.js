// Closes the ways out of the page that a page can close, and opens the hidden one for the staff.
//
// The rest is closed by the browser's own policy (`station browser-policy`).

const HOLD_MS = 3000;
const CORNER_PX = 72;
const MOVED_PX = 20;
const EDITING = new Set(["a", "c", "v", "x", "z"]); // with Ctrl, in a field
let holding = null;
let corner = null;

function openStaff() {
  if (!document.body.classList.contains("cleaning")) location.assign("/staff/");
}

const refuse = (event) => event.preventDefault();

function escapes(event) {
  const field = event.target.closest?.("input, textarea");
  if (event.ctrlKey || event.metaKey) return !(field && EDITING.has(event.key.toLowerCase()));
  if (event.altKey && !event.getModifierState("AltGraph")) return true;
  return /^(F\d+|Browser\w+|Launch\w+|ContextMenu|PrintScreen)$/.test(event.key) || (event.key === "Backspace" && !field);
}

function letGo() {
  clearTimeout(holding);
  holding = null;
}

for (const kind of ["contextmenu", "dragstart", "dragover", "drop", "auxclick"]) window.addEventListener(kind, refuse);
window.addEventListener("wheel", (event) => { if (event.ctrlKey) event.preventDefault(); }, { passive: false });
window.addEventListener("touchmove", (event) => { if (event.touches.length > 1) event.preventDefault(); }, { passive: false });
window.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.altKey && event.code === "KeyS") openStaff();
  if (escapes(event)) event.preventDefault();
}, { capture: true });
window.addEventListener("pointerdown", (event) => {
  letGo();
  if (event.clientX > CORNER_PX || event.clientY > CORNER_PX) return;
  corner = event;
  holding = setTimeout(openStaff, HOLD_MS);
}, { capture: true });
window.addEventListener("pointermove", (event) => {
  if (holding && Math.hypot(event.clientX - corner.clientX, event.clientY - corner.clientY) > MOVED_PX) letGo();
}, { capture: true });
for (const kind of ["pointerup", "pointercancel"]) window.addEventListener(kind, letGo, { capture: true });
