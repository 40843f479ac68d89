// The last seconds of force under the feet, in body weights.

import uPlot from "/vendor/uPlot.esm.js";

const WINDOW_S = 4;
const TOP_BW = 3;

/** A scrolling curve that fills `place`. */
export class ForcePlot {
  constructor(place) {
    this.place = place;
    this.data = [[], []];
    const style = getComputedStyle(document.documentElement);
    const rem = parseFloat(style.fontSize);
    const soft = style.getPropertyValue("--soft").trim();
    const grid = { stroke: style.getPropertyValue("--line").trim(), width: 1 };
    this.plot = new uPlot({
      ...this.size(),
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false },
        y: { range: (_, low, high) => [0, Math.max(TOP_BW, high ?? 0)] },
      },
      axes: [
        { show: false },
        { stroke: soft, grid, ticks: { show: false }, size: rem * 2.2, font: `${rem}px "DejaVu Sans", sans-serif`, incrs: [1], values: (_, ticks) => ticks.map((t) => (t === TOP_BW ? place.dataset.unit : `${t}`)) },
      ],
      series: [{}, { stroke: style.getPropertyValue("--accent").trim(), width: rem / 7, points: { show: false } }],
    }, this.data, place);
    new ResizeObserver(() => this.plot.setSize(this.size())).observe(place);
  }

  size() {
    return { width: this.place.clientWidth, height: this.place.clientHeight };
  }

  /** Append what is new; stretches may overlap, and a clock that went back is a new run. */
  add({ t_s: times, force_bw: forces }) {
    if (!times.length) return;
    let [t, f] = this.data;
    if (t.length && times.at(-1) < t.at(-1) - WINDOW_S) [t, f] = [[], []];
    const last = t.length ? t.at(-1) : -Infinity;
    const fresh = times.map((_, i) => i).filter((i) => times[i] > last);
    t = t.concat(fresh.map((i) => times[i]));
    f = f.concat(fresh.map((i) => forces[i]));
    const from = t.findIndex((x) => x >= t.at(-1) - WINDOW_S);
    this.data = [t.slice(from), f.slice(from)];
    this.plot.setData(this.data, false);
    const end = t.at(-1);
    this.plot.setScale("x", { min: end - WINDOW_S, max: end });
  }
}
