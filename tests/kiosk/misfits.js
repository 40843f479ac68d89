// What does not fit on this page, one line each: larger than the screen, cut, hidden, or over something else.
() => {
  const found = [];
  for (const root of [document.documentElement, document.body]) {
    if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) found.push(`${root.tagName} scrolls`);
  }

  const named = (e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""} "${(e.innerText ?? "").slice(0, 30)}"`;
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".unseen, svg, [popover], .away, .keys");
  const over = (r, q) => Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top) > 1
    && Math.min(r.right, q.right) - Math.max(r.left, q.left) > 1;
  const footer = document.querySelector("footer")?.getBoundingClientRect();
  const keys = document.querySelector(".keys:not([hidden])");

  for (const e of [...document.querySelectorAll("body:is(.calm, .asks, .attract, .run) *")].filter(shown)) {
    const r = e.getBoundingClientRect();
    const outside = r.top < -1 || r.left < -1 || r.bottom > innerHeight + 1 || r.right > innerWidth + 1;
    if (outside) found.push(`${named(e)} off the screen`);
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline") found.push(`${named(e)} cut`);
    if (footer && !keys && e.closest("main") && over(r, footer)) found.push(`${named(e)} under the footer`);
    if (e.closest("main") && e.closest(".calm") && over(r, document.querySelector("header")?.getBoundingClientRect() ?? {})) {
      found.push(`${named(e)} under the header`);
    }
  }

  for (const e of [...document.querySelectorAll(".detail .bar .button")].filter(shown)) {
    if (e.scrollWidth > e.clientWidth + 1) found.push(`${named(e)} runs out of its button`);
    if (e.getBoundingClientRect().right > innerWidth) found.push(`${named(e)} off the screen`);
  }

  for (const face of document.querySelectorAll(".card .face")) {
    const parts = [...face.children].map((e) => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width && r.height);
    const room = face.getBoundingClientRect();
    const name = (e) => `${face.innerText.split("\n")[0]}: ${e.className || e.tagName}`;
    parts.forEach(([e, r], i) => {
      const outside = r.top < room.top - 1 || r.bottom > room.bottom + 1 || r.right > room.right + 1;
      if (outside) found.push(`${name(e)} outside`);
      const clamped = e.matches(".cue, .caption");
      const cut = e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 3;
      if (cut && !clamped) found.push(`${name(e)} cut`);
      if (e.matches(".cue, .caption") && r.height < 20) found.push(`${name(e)} has no room`);
      for (const [f, q] of parts.slice(i + 1)) {
        if (over(r, q)) found.push(`${name(e)} over ${f.className || f.tagName}`);
      }
    });
  }
  return found;
}
