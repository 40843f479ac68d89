// While the camera looks for a code: shows what is said about what it saw, and the next page when it has ended.

const EVERY_MS = 500;
const hint = document.querySelector("[data-hint]");
const language = new URLSearchParams({ lang: document.documentElement.lang });

async function ask() {
  try {
    const state = await (await fetch(`/earlier/state?${language}`)).json();
    if (!state.looking) {
      location.reload();
      return;
    }
    if (hint.textContent !== state.hint) hint.textContent = state.hint;
  } catch {
    // the kiosk is away for a moment: the page says so by itself
  }
  setTimeout(ask, EVERY_MS);
}

ask();
