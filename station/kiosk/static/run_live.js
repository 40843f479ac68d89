// The live run page: cadence, which foot landed, the force curve and the skeleton.

import "./run_time.js";
import { on } from "./follow.js";
import { Skeleton } from "./skeleton.js";

const LANDED_MS = 220;
const cadence = document.querySelector("[data-cadence]");

on("step", ({ side, cadence_spm: stepsPerMinute }) => {
  if (stepsPerMinute) cadence.textContent = Math.round(stepsPerMinute);
  for (const foot of document.querySelectorAll("[data-foot]")) {
    if (side && foot.dataset.foot !== side) continue;  // an unnamed step lights both
    foot.classList.add("landed");
    setTimeout(() => foot.classList.remove("landed"), LANDED_MS);
  }
});

const canvas = document.getElementById("skeleton");
if (canvas) {
  const skeleton = new Skeleton(canvas, document.querySelector("[data-no-pose]"));
  on("pose", (pose) => skeleton.show(pose));
}

const { ForcePlot } = await import("./force_plot.js").catch(() => ({}));
if (ForcePlot) {
  const plot = new ForcePlot(document.getElementById("force"));
  on("force", (stretch) => plot.add(stretch));
}
