// The runner as the camera sees them now: points and lines, no picture.

const LEAST_CONFIDENCE = 0.3;
const GONE_MS = 1500;
const MARGIN = 0.1;
const WIDTH_PER_HEIGHT = 0.75;  // of a runner at full stride
const HEAD_PER_NECK = 0.42;  // radius of the head by the distance from ear to shoulder
const [LEFT_EAR, RIGHT_EAR, LEFT_SHOULDER, RIGHT_SHOULDER] = [7, 8, 11, 12];  // BlazePose's numbers

/** Draws poses on a canvas; `hint` is shown while nobody is seen. */
export class Skeleton {
  constructor(canvas, hint) {
    this.canvas = canvas;
    this.hint = hint;
    this.bones = JSON.parse(canvas.dataset.bones);
    this.seenAt = performance.now();
    const style = getComputedStyle(document.documentElement);
    this.lineColour = style.getPropertyValue("--ink").trim();
    this.jointColour = style.getPropertyValue("--accent").trim();
    setInterval(() => this.clearWhenGone(), 500);
  }

  show({ height_px: height, points }) {
    const seen = points.map((p) => (p && p[2] >= LEAST_CONFIDENCE ? p : null));
    if (!this.bones.some(([a, b]) => seen[a] && seen[b])) return;
    this.seenAt = performance.now();
    this.hint.hidden = true;
    const context = this.prepare();
    const { clientWidth, clientHeight } = this.canvas;
    const body = seen.filter(Boolean);
    const [top, bottom] = [Math.min(...body.map((p) => p[1])), Math.max(...body.map((p) => p[1]))];
    const middle = body.reduce((sum, p) => sum + p[0], 0) / body.length;
    const tall = this.steadyHeight(bottom - top, height);
    const scale = Math.min((clientHeight * (1 - 2 * MARGIN)) / tall, clientWidth / (WIDTH_PER_HEIGHT * tall));
    const place = ([x, y]) => [
      clientWidth / 2 + (x - middle) * scale,
      clientHeight * (1 - MARGIN) + (y - this.steadyGround(bottom)) * scale,
    ];
    this.drawBones(context, seen, place, clientHeight / 90);
    this.drawHead(context, seen, place, scale);
  }

  /** The tallest pose lately: the drawing must not breathe with every step. */
  steadyHeight(now, frameHeight) {
    this.tallest = Math.min(Math.max(now, (this.tallest ?? now) * 0.995), frameHeight);
    return this.tallest;
  }

  /** The lowest point lately is the belt. */
  steadyGround(now) {
    this.lowest = this.lowest === undefined ? now : Math.max(now, this.lowest - 0.2);
    return this.lowest;
  }

  drawBones(context, seen, place, width) {
    context.strokeStyle = this.lineColour;
    context.lineWidth = width;
    context.lineCap = "round";
    for (const [a, b] of this.bones) {
      if (!seen[a] || !seen[b]) continue;
      context.beginPath();
      context.moveTo(...place(seen[a]));
      context.lineTo(...place(seen[b]));
      context.stroke();
    }
    context.fillStyle = this.jointColour;
    for (const index of new Set(this.bones.flat())) {
      if (!seen[index]) continue;
      context.beginPath();
      context.arc(...place(seen[index]), width * 0.8, 0, 2 * Math.PI);
      context.fill();
    }
  }

  drawHead(context, seen, place, scale) {
    const [ear, shoulder] = seen[RIGHT_EAR] ? [seen[RIGHT_EAR], seen[RIGHT_SHOULDER]] : [seen[LEFT_EAR], seen[LEFT_SHOULDER]];
    if (!ear || !shoulder) return;
    const radius = HEAD_PER_NECK * Math.hypot(ear[0] - shoulder[0], ear[1] - shoulder[1]) * scale;
    context.beginPath();
    context.arc(...place(ear), radius, 0, 2 * Math.PI);
    context.stroke();
  }

  prepare() {
    const { clientWidth, clientHeight } = this.canvas;
    const scale = window.devicePixelRatio;
    this.canvas.width = clientWidth * scale;
    this.canvas.height = clientHeight * scale;
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    return context;
  }

  clearWhenGone() {
    if (performance.now() - this.seenAt < GONE_MS) return;
    this.prepare();
    this.hint.hidden = false;
  }
}
