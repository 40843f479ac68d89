// Fills the ring while the station weighs or scores.

import { on } from "./follow.js";

const ring = document.querySelector("[data-progress]");
const bar = ring.querySelector(".bar");

on("state", ({ progress = 0 }) => {
  const percent = Math.round(100 * Math.min(Math.max(progress, 0), 1));
  bar.style.strokeDashoffset = 100 - percent;
  ring.setAttribute("aria-valuenow", percent);
});
