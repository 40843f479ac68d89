// The start screen moves: a runner, and the force of every landing drawn beneath.

import { force, pose } from "./runner_figure.js";

const STRIDE_S = 0.72;
const TRACE_STRIDES = 3;
const canvas = document.getElementById("figure");
const context = canvas.getContext("2d");
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const [ink, soft, accent, line] = ["--ink", "--soft", "--accent", "--line"].map(colour);

function place() {
  const scale = window.devicePixelRatio;
  const { innerWidth: width, innerHeight: height } = window;
  canvas.width = width * scale;
  canvas.height = height * scale;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const portrait = height > width;
  const tall = portrait ? height * 0.36 : height * 0.62;
  return {
    width,
    tall,
    x: portrait ? width / 2 : width * 0.74,
    ground: portrait ? height * 0.41 : height * 0.74,
    left: portrait ? width * 0.1 : width * 0.52,
    right: portrait ? width * 0.9 : width * 0.97,
  };
}

function polyline(points, stroke, width) {
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.lineCap = context.lineJoin = "round";
  context.stroke();
}

function drawRunner({ far, near, head }, at) {
  const screen = ([x, y]) => [at.x + x * at.tall, at.ground + y * at.tall];
  for (const limb of far) polyline(limb.map(screen), line, at.tall * 0.034);
  for (const limb of near) polyline(limb.map(screen), ink, at.tall * 0.036);
  const [x, y] = screen(head);
  context.beginPath();
  context.arc(x, y, at.tall * 0.062, 0, 2 * Math.PI);
  context.fillStyle = ink;
  context.fill();
  for (const [jx, jy] of near.flat().map(screen)) {
    context.beginPath();
    context.arc(jx, jy, at.tall * 0.0125, 0, 2 * Math.PI);
    context.fillStyle = accent;
    context.fill();
  }
}

function drawTrace(phase, at) {
  const base = at.ground + at.tall * 0.26;
  const unit = at.tall * 0.062;
  const points = [];
  for (let x = at.left; x <= at.right; x += 2) {
    const back = ((at.right - x) / (at.right - at.left)) * TRACE_STRIDES;
    points.push([x, base - unit * force(phase - back)]);
  }
  polyline([[at.left, at.ground + at.tall * 0.02], [at.right, at.ground + at.tall * 0.02]], line, 3);
  polyline(points, accent, at.tall * 0.009);
  const [x, y] = points.at(-1);
  context.beginPath();
  context.arc(x, y, at.tall * 0.018, 0, 2 * Math.PI);
  context.fillStyle = soft;
  context.fill();
}

function draw(seconds) {
  const at = place();
  context.clearRect(0, 0, window.innerWidth, window.innerHeight);
  const phase = seconds / STRIDE_S;
  drawTrace(phase, at);
  drawRunner(pose(phase), at);
}

if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
  draw(0.1);
  addEventListener("resize", () => draw(0.1));
} else {
  const frame = (ms) => {
    draw(ms / 1000);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
