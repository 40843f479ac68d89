// Ends each cue on an overview card with an ellipsis where its room ends.

function fit() {
  for (const cue of document.querySelectorAll(".face .cue")) {
    cue.style.webkitLineClamp = "none";
    const lines = Math.round(cue.clientHeight / parseFloat(getComputedStyle(cue).lineHeight));
    cue.style.webkitLineClamp = String(Math.max(lines, 1));
  }
}

fit();
addEventListener("resize", fit);
