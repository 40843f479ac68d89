// Counts down and swallows every touch and key; the page's own refresh ends it.

const shown = document.querySelector("[data-seconds]");
const end = performance.now() + 1000 * Number(shown.dataset.seconds);
const swallow = (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
};

for (const kind of ["pointerdown", "pointerup", "click", "touchstart", "touchmove", "wheel", "keydown", "keyup"]) {
  window.addEventListener(kind, swallow, { capture: true, passive: false });
}
setInterval(() => { shown.textContent = Math.max(0, Math.ceil((end - performance.now()) / 1000)); }, 200);
