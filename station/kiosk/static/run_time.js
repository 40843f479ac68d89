// How long the run has lasted, on both pages of the run.

import { on } from "./follow.js";

const place = document.querySelector("[data-run-time]");

on("state", ({ run_s: seconds = 0 }) => {
  const whole = Math.floor(seconds);
  place.textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
});
