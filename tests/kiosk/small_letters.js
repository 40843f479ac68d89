// Texts whose capital letters are lower than their share of the screen's shorter side, one line each.
(least) => {
  const context = document.createElement("canvas").getContext("2d");
  const side = Math.min(innerWidth, innerHeight);

  function capitalPx(style) {
    context.font = `${style.fontWeight} 100px ${style.fontFamily}`;
    return (context.measureText("H").actualBoundingBoxAscent * parseFloat(style.fontSize)) / 100;
  }

  const found = [];
  for (const e of document.querySelectorAll("body *")) {
    const says = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
    if (!says || !e.checkVisibility({ visibilityProperty: true }) || e.closest(".unseen, svg, script")) continue;
    const rule = Object.keys(least).find((selector) => e.closest(selector));
    const share = capitalPx(getComputedStyle(e)) / side;
    if (share < least[rule]) found.push(`"${e.innerText.slice(0, 30)}" 1/${(1 / share).toFixed(1)} of the screen (${rule})`);
  }
  return found;
}
