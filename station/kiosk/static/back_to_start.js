// Nobody chose anything for a while: back to the start, so that the next runner finds it.

const WAIT_MS = 60000;
let timer = null;

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => location.replace("/"), WAIT_MS);
}

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, wait);
wait();
