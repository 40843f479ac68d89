// The page before the visit: steppers that may be held, shoes that may be taken off again, a keyboard for the nickname.

const HOLD_MS = 400;
const AGAIN_MS = 90;
const language = document.documentElement.lang;

function stepper(place) {
  const field = place.querySelector("input");
  const [step, first, low, high] = ["step", "first", "low", "high"].map((name) => Number(place.dataset[name]));
  const written = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

  function move(by) {
    const text = field.value.trim().replace(",", ".").replace("−", "-");
    const now = Number(text);
    const next = text === "" || Number.isNaN(now) ? first : (Math.round(now / step) + by) * step;
    field.value = written.format(Math.min(Math.max(next, low), high));
  }

  function held(button, by) {
    let timer = null;
    const end = () => clearTimeout(timer);
    const again = (after) => {
      timer = setTimeout(() => { move(by); again(AGAIN_MS); }, after);
    };
    button.addEventListener("pointerdown", () => again(HOLD_MS));
    for (const kind of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(kind, end);
    button.addEventListener("click", () => move(by));
  }

  held(place.querySelector("[data-less]"), -1);
  held(place.querySelector("[data-more]"), 1);
  field.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    move(by);
  });
}

/** A second tap on what is chosen takes the choice back: a radio button alone cannot. */
function mayBeTakenBack(radios) {
  let chosen = radios.find((radio) => radio.checked);
  for (const radio of radios) {
    radio.addEventListener("click", () => {
      if (radio === chosen) radio.checked = false;
      chosen = radio.checked ? radio : undefined;
    });
  }
}

/** What was told so far is there again when the runner comes back. */
function keptFrom(form, link) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    await fetch(form.dataset.keep, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => {});
    location.assign(link.href);
  });
}

for (const link of document.querySelectorAll("[data-away]")) keptFrom(document.getElementById("about"), link);
for (const place of document.querySelectorAll("[data-stepper]")) stepper(place);
mayBeTakenBack([...document.querySelectorAll("input[name=shoes]")]);

const { NicknameKeys } = await import("./nickname_keys.js").catch(() => ({}));
if (NicknameKeys) new NicknameKeys(document.getElementById("nickname"), document.getElementById("keys"));
