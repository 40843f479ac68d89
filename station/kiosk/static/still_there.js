// Nobody touched the card for a while: ask, count down, then leave it, so that the next runner does not read it.

const LAST_S = 15;
const TELL_EVERY_S = 30;  // the station wipes a card that nobody has touched for ten minutes, should this page have died
const dialog = document.getElementById("still-there");
const countdown = dialog.querySelector("[data-countdown]");
const timeoutS = Number(dialog.dataset.timeoutS);
const lastS = Math.min(LAST_S, timeoutS / 2);
let endsAt = 0;
let toldAt = performance.now();

function touched() {
  if (performance.now() - toldAt > 1000 * TELL_EVERY_S) tell();
  endsAt = performance.now() + 1000 * timeoutS;  // not the time of day: that may be set while the card is open
  if (dialog.open) dialog.close();
}

function tell() {
  toldAt = performance.now();
  fetch(dialog.dataset.stayAt, { method: "POST", body: new URLSearchParams(new FormData(dialog.querySelector("form"))) }).catch(() => {});
}

function tick() {
  const leftS = (endsAt - performance.now()) / 1000;
  if (leftS <= 0) {
    clearInterval(timer);
    dialog.querySelector("form").requestSubmit();
  } else if (leftS <= lastS) {
    countdown.textContent = Math.ceil(leftS);
    if (!dialog.open) dialog.showModal();
  }
}

for (const kind of ["pointerdown", "keydown", "wheel", "scroll"]) {
  document.addEventListener(kind, (event) => {
    if (!dialog.contains(event.target)) touched();
  }, { passive: true, capture: true });
}
dialog.querySelector("[data-stay]").addEventListener("click", touched);
dialog.addEventListener("cancel", touched);
const timer = setInterval(tick, 250);
touched();
