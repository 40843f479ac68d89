"""GLSL programs of the renderer: one light with shadow, vertex colours, a moving belt."""

VERTEX = """
#version 330
in vec3 place; in vec3 normal; in vec3 colour;
uniform mat4 camera; uniform mat4 light;
out vec3 world; out vec3 facing; out vec3 tint; out vec4 lit;
void main() {
    world = place; facing = normal; tint = colour;
    lit = light * vec4(place, 1.0);
    gl_Position = camera * vec4(place, 1.0);
}
"""

FRAGMENT = """
#version 330
in vec3 world; in vec3 facing; in vec3 tint; in vec4 lit;
out vec4 pixel;
uniform vec3 sun; uniform vec3 eye; uniform sampler2DShadow shadow_map;
uniform float belt_m; uniform float mark_m; uniform vec2 belt_half; uniform bool is_runner;

float speckle(vec2 v) { return fract(sin(dot(v, vec2(12.9898, 78.233))) * 43758.5453); }

float sunlit() {
    vec3 q = lit.xyz / lit.w * 0.5 + 0.5;
    if (any(lessThan(q.xy, vec2(0.0))) || any(greaterThan(q.xy, vec2(1.0)))) return 1.0;
    float sum = 0.0;
    for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++)
            sum += texture(shadow_map, vec3(q.xy + vec2(i, j) / 1024.0, q.z - 0.0025));
    return sum / 9.0;
}

vec3 surface() {
    if (is_runner) return tint;
    if (abs(world.z) < 0.004 && abs(world.x) < belt_half.x && abs(world.y) < belt_half.y) {
        float along = fract((world.x + belt_m) / mark_m);
        if (abs(along - 0.5) * mark_m < 0.02) return vec3(0.75);
        return tint * (0.9 + 0.2 * speckle(floor(vec2(along * mark_m, world.y) * 160.0)));
    }
    return tint * (0.97 + 0.06 * speckle(floor(world.xy * 90.0 + world.z * 70.0)));
}

void main() {
    vec3 n = normalize(facing);
    if (!gl_FrontFacing && is_runner) n = -n;
    float visible = sunlit();
    float diffuse = max(dot(n, sun), 0.0) * visible;
    vec3 half_way = normalize(sun + normalize(eye - world));
    float shine = pow(max(dot(n, half_way), 0.0), 24.0) * visible * (is_runner ? 0.10 : 0.04);
    vec3 ambient = mix(vec3(0.30, 0.28, 0.27), vec3(0.52, 0.54, 0.58), n.z * 0.5 + 0.5);
    float fill = max(dot(n, normalize(vec3(-0.5, -0.8, 0.3))), 0.0) * 0.18;
    vec3 linear = pow(surface(), vec3(2.2));
    linear = linear * (ambient * 0.9 + fill + diffuse * vec3(1.05, 1.0, 0.93) * 0.85) + shine;
    pixel = vec4(pow(linear, vec3(1.0 / 2.2)), 1.0);
}
"""

SHADOW_VERTEX = """
#version 330
in vec3 place;
uniform mat4 light;
void main() { gl_Position = light * vec4(place, 1.0); }
"""

SHADOW_FRAGMENT = """
#version 330
void main() {}
"""
