// The pad under the PIN, and the wait after wrong ones: the page asks again when it is over.

const pin = document.getElementById("pin");
const notice = document.querySelector("[data-wait-s]");
const wait = Number(notice.dataset.waitS);

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-digit], [data-delete]");
  if (!key || pin.disabled) return;
  pin.value = key.dataset.digit ? (pin.value + key.dataset.digit).slice(0, pin.maxLength) : pin.value.slice(0, -1);
  pin.focus();
});
if (wait) setTimeout(() => location.replace(`/staff/?lang=${document.documentElement.lang}`), wait * 1000);
