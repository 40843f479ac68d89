// A runner of our own drawing: joint angles over one stride, and the force that goes with them.
// Angles in degrees, in the plane of running; phase 0 is the landing of that leg, 1 the next landing of the same leg.

const HIP = [30, 22, 4, -16, -12, 14, 40, 42];  // thigh forward of vertical
const KNEE = [16, 40, 32, 20, 62, 104, 92, 40];  // bent
const FOOT = [10, 0, -6, -52, -84, -92, -50, -4];  // toe up from level
const THIGH = 0.245;  // lengths as shares of body height
const SHANK = 0.246;
const FOOT_LENGTH = 0.11;
const TRUNK = 0.29;
const UPPER_ARM = 0.17;
const FOREARM = 0.15;
const LEAN_DEG = 7;
const CONTACT_SHARE = 0.34;  // of the stride

/** Periodic Catmull-Rom spline through equally spaced values. */
function cyclic(values, phase) {
  const n = values.length;
  const position = (((phase % 1) + 1) % 1) * n;
  const i = Math.floor(position);
  const t = position - i;
  const [a, b, c, d] = [-1, 0, 1, 2].map((k) => values[(i + k + n) % n]);
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

function along([x, y], length, degreesFromDown) {
  const angle = (degreesFromDown * Math.PI) / 180;
  return [x + length * Math.sin(angle), y + length * Math.cos(angle)];
}

function leg(hip, phase) {
  const thigh = cyclic(HIP, phase);
  const shank = thigh - cyclic(KNEE, phase);
  const knee = along(hip, THIGH, thigh);
  const ankle = along(knee, SHANK, shank);
  const toe = along(ankle, FOOT_LENGTH, 90 + cyclic(FOOT, phase));
  return [hip, knee, ankle, toe];
}

function arm(shoulder, phase) {
  const swing = Math.cos(2 * Math.PI * phase);  // back when the leg of its own side is forward
  const upper = -12 - 34 * swing;
  const elbow = along(shoulder, UPPER_ARM, upper);
  return [shoulder, elbow, along(elbow, FOREARM, upper + 88 - 12 * swing)];
}

/** Polylines of the runner in body heights, x forward, y down, the ground at 0. `near` is the right side. */
export function pose(phase) {
  const legs = [leg([0, 0], phase), leg([0, 0], phase + 0.5)];
  const bounce = 0.012 * Math.cos(4 * Math.PI * (phase - 0.42));
  const lift = -0.485 - bounce;
  const neck = along([0, 0], -TRUNK, -LEAN_DEG);
  const head = along(neck, -0.095, -LEAN_DEG - 6);
  const arms = [arm(neck, phase), arm(neck, phase + 0.5)];
  const place = (line) => line.map(([x, y]) => [x, y + lift]);
  return {
    far: [arms[1], legs[1]].map(place),
    near: [[neck, [0, 0]], legs[0], arms[0]].map(place),
    head: place([head])[0],
  };
}

/** Vertical force in body weights at a phase of the stride; both feet. */
export function force(phase) {
  const inStep = (((phase % 0.5) + 0.5) % 0.5) / CONTACT_SHARE;
  if (inStep >= 1) return 0;
  const impact = 0.75 * Math.exp(-(((inStep - 0.13) / 0.06) ** 2));
  return 2.4 * Math.sin(Math.PI * inStep) ** 1.3 + impact;
}
