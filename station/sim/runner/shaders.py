"""GLSL programs of the renderer: one light with shadow, vertex colours, a moving belt.

The room is lit in every pixel; people, whose triangles are about a pixel, at their vertices: the same to the eye, and
a third of the time.
"""

_LIGHT = """
#version 330
uniform vec3 sun; uniform vec3 eye; uniform vec3 fill_light; uniform sampler2DShadow shadow_map;

float sunlit(vec4 lit) {
    vec3 q = lit.xyz / lit.w * 0.5 + 0.5;
    if (any(lessThan(q.xy, vec2(0.0))) || any(greaterThan(q.xy, vec2(1.0)))) return 1.0;
    return texture(shadow_map, vec3(q.xy, q.z - 0.0025));
}

vec3 coloured(vec3 tint, vec3 n, vec3 world, float visible, float gloss) {
    float diffuse = max(dot(n, sun), 0.0) * visible;
    vec3 half_way = normalize(sun + normalize(eye - world));
    float shine = pow(max(dot(n, half_way), 0.0), 24.0) * visible * gloss;
    vec3 ambient = mix(vec3(0.30, 0.28, 0.27), vec3(0.52, 0.54, 0.58), n.z * 0.5 + 0.5);
    float fill = max(dot(n, fill_light), 0.0) * 0.18;
    vec3 linear = pow(tint, vec3(2.2));
    linear = linear * (ambient * 0.9 + fill + diffuse * vec3(1.05, 1.0, 0.93) * 0.85) + shine;
    return pow(linear, vec3(1.0 / 2.2));
}
"""

ROOM_VERTEX = """
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

ROOM_FRAGMENT = (
    _LIGHT
    + """
in vec3 world; in vec3 facing; in vec3 tint; in vec4 lit;
out vec4 pixel;
uniform float belt_m; uniform float mark_m; uniform vec2 belt_half;
uniform float row_m; uniform float top_row;

float speckle(vec2 v) { return fract(sin(dot(v, vec2(12.9898, 78.233))) * 43758.5453); }

vec3 surface() {
    if (abs(world.z) < 0.004 && abs(world.x) < belt_half.x && abs(world.y) < belt_half.y) {
        float travel_m = belt_m + row_m * (top_row - gl_FragCoord.y);
        float along = fract((world.x + travel_m) / mark_m);
        if (abs(along - 0.5) * mark_m < 0.02) return vec3(0.75);
        return tint * (0.9 + 0.2 * speckle(floor(vec2(along * mark_m, world.y) * 160.0)));
    }
    return tint * (0.97 + 0.06 * speckle(floor(world.xy * 90.0 + world.z * 70.0)));
}

void main() {
    pixel = vec4(coloured(surface(), normalize(facing), world, sunlit(lit), 0.04), 1.0);
}
"""
)

PERSON_VERTEX = (
    _LIGHT
    + """
in vec3 place; in vec3 normal; in vec3 colour;
uniform mat4 camera; uniform mat4 light;
out vec3 outside; out vec3 inside;
void main() {
    vec3 n = normalize(normal);
    float visible = sunlit(light * vec4(place, 1.0));
    outside = coloured(colour, n, place, visible, 0.10);
    inside = coloured(colour, -n, place, visible, 0.10);
    gl_Position = camera * vec4(place, 1.0);
}
"""
)

PERSON_FRAGMENT = """
#version 330
in vec3 outside; in vec3 inside;
out vec4 pixel;
void main() { pixel = vec4(gl_FrontFacing ? outside : inside, 1.0); }
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
