"""Football."""

import math

from coranto.specimen.drawings.ink import Point, mix, thin
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import outdoors
from coranto.specimen.drawings.shapes import curve, cuts
from coranto.specimen.drawings.sky import paint_sky


@outdoors("football")
def football(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 470, (420, 0.4))
    _stands(plate)
    light = plate.light = light.inside()  # floodlights do on the pitch what lamps do in a room
    turf = mix(light.ground("leaf", 0.55), light.lamp, 0.2 if light.dark else 0.0)
    pitch = [(0, 560), (1600, 560), (1600, 1000), (0, 1000)]
    plate.shade(pitch, (mix(turf, light.sky[2], 0.2), mix(turf, light.tone(0.8), 0.25)))
    for step in range(-9, 10, 2):
        plate.poly(
            [
                (800 + step * 90, 560),
                (800 + (step + 1) * 90, 560),
                (800 + (step + 1) * 240, 1000),
                (800 + step * 240, 1000),
            ],
            thin(light.tone(0.8), 0.14),
        )
    plate.carve(pitch, cuts(plate, (0, 570, 1600, 1000), 260, (8, -20)), mix(turf, light.paper, 0.3))
    chalk = mix(light.tone(0.6), light.paper, 0.3) if light.snowy else mix(light.paper, turf, 0.15)
    plate.line(((0, 640), (1600, 640)), 5, chalk)
    plate.line(((1020, 640), (860, 800), (1620, 800)), 7, chalk)
    _goal(plate)
    _player(plate, (1290, 730), 210, "keeper")
    _player(plate, (820, 790), 270, "run")
    _player(plate, (430, 920), 520, "kick")
    ball = (690.0, 812.0)
    plate.oval((ball[0] - 30, 896, ball[0] + 34, 908), thin(light.tone(1), 0.35))
    plate.disc(ball, 33, light.paper)
    for angle in range(5):
        turn = math.tau * angle / 5 + 0.3
        plate.disc((ball[0] + math.cos(turn) * 25, ball[1] + math.sin(turn) * 25), 8, light.tone(0.97))
    plate.disc(ball, 10, light.tone(0.97))


def _stands(plate: Plate) -> None:
    light = plate.light
    roof = light.paper if light.snowy else light.tone(0.78)
    plate.poly([(-10, 350), (1610, 290), (1610, 566), (-10, 566)], light.tone(0.66))
    inks = [
        mix(light.local(pigment, 0.5), light.tone(0.66), 0.35)
        for pigment in ("brick", "plaster", "slate", "teal", "grain")
    ]
    for row in range(9):
        y = 400 + row * 17
        for x in range(-4, 1610, 19):
            if plate.chance(0.86):
                lift = (x / 1600) * 26 * (1 - row / 9)
                plate.disc((x + plate.between(-3, 3) + (row % 2) * 9, y - lift), 7, inks[plate.rng.randrange(5)])
    plate.poly([(-10, 330), (1610, 250), (1610, 300), (-10, 368)], roof)
    for x in (170, 560, 960, 1370):
        plate.rect((x, 320, x + 9, 540), light.tone(0.9))
    plate.rect((0, 540, 1600, 576), light.tone(0.88))
    for x in range(0, 1600, 160):
        ink = (light.accent, light.local("grain", 0.7), light.local("teal", 0.7), light.paper)[(x // 160) % 4]
        plate.rect((x + 4, 546, x + 154, 572), mix(ink, light.tone(0.7), 0.2))
    for x, top in ((110, 60), (1500, 40)):
        plate.line(((x, 340), (x, top + 30)), 11, light.tone(0.85))
        plate.poly([(x - 74, top - 20), (x + 74, top - 20), (x + 64, top + 56), (x - 64, top + 56)], light.tone(0.9))
        if light.lamplit:
            plate.glow((x, top + 20), 380, light.lamp, 0.6)
        for column in range(4):
            for row in range(2):
                plate.disc((x - 45 + column * 30, top + row * 34), 11, light.paper)


def _goal(plate: Plate) -> None:
    light = plate.light
    mesh = thin(light.paper, 0.4)
    for x in range(1130, 1560, 20):
        plate.line(((x, 470), (x + 22, 640)), 1.5, mesh)
    for y in range(478, 642, 16):
        plate.line(((1130, y), (1580, y)), 1.5, mesh)
    plate.line(((1124, 664), (1124, 466), (1556, 466), (1556, 664)), 10, light.paper)


POSES: dict[str, dict[str, tuple[Point, ...]]] = {
    # Joints in units of the player's height: x to the right of the feet, y upwards.
    "kick": {
        "back leg": ((-0.02, 0.48), (-0.04, 0.25), (-0.1, 0.02), (-0.04, 0.0)),
        "front leg": ((0.03, 0.48), (0.2, 0.36), (0.38, 0.24), (0.45, 0.29)),
        "back arm": ((-0.07, 0.79), (-0.22, 0.72), (-0.33, 0.8)),
        "front arm": ((0.05, 0.79), (0.2, 0.7), (0.29, 0.6)),
        "trunk": ((-0.11, 0.82), (0.07, 0.82), (0.08, 0.48), (-0.07, 0.46)),
        "head": ((0.01, 0.92),),
    },
    "run": {
        "back leg": ((-0.03, 0.48), (-0.12, 0.3), (-0.3, 0.24), (-0.31, 0.19)),
        "front leg": ((0.03, 0.48), (0.16, 0.32), (0.1, 0.05), (0.17, 0.03)),
        "back arm": ((-0.06, 0.79), (-0.18, 0.66), (-0.26, 0.72)),
        "front arm": ((0.06, 0.79), (0.13, 0.64), (0.25, 0.68)),
        "trunk": ((-0.08, 0.82), (0.1, 0.82), (0.06, 0.47), (-0.07, 0.47)),
        "head": ((0.05, 0.92),),
    },
    "keeper": {
        "back leg": ((-0.04, 0.44), (-0.13, 0.24), (-0.14, 0.02), (-0.2, 0.0)),
        "front leg": ((0.04, 0.44), (0.13, 0.24), (0.14, 0.02), (0.2, 0.0)),
        "back arm": ((-0.09, 0.74), (-0.22, 0.66), (-0.3, 0.56)),
        "front arm": ((0.09, 0.74), (0.22, 0.66), (0.3, 0.56)),
        "trunk": ((-0.1, 0.78), (0.1, 0.78), (0.07, 0.44), (-0.07, 0.44)),
        "head": ((0.0, 0.88),),
    },
}


def _player(plate: Plate, foot: Point, tall: float, pose: str) -> None:
    light = plate.light
    shirt = {"kick": light.accent, "run": light.local("teal", 0.8)}.get(pose, light.local("grain", 0.8))
    skin = light.local("timber" if pose == "kick" else "clay", 0.85)
    shorts, dark = (light.paper if pose == "kick" else light.tone(0.9)), light.tone(0.97)
    parts = {
        part: [(foot[0] + u * tall, foot[1] - v * tall) for u, v in joints] for part, joints in POSES[pose].items()
    }
    plate.oval(
        (foot[0] - tall * 0.26, foot[1] - tall * 0.02, foot[0] + tall * 0.3, foot[1] + tall * 0.035), thin(dark, 0.35)
    )
    for side in ("back", "front"):
        leg, arm = parts[f"{side} leg"], parts[f"{side} arm"]
        tint = mix(skin, dark, 0.3) if side == "back" else skin
        plate.line(leg[:3], tall * 0.075, tint)
        plate.disc(leg[1], tall * 0.038, tint)
        plate.line((((leg[1][0] + leg[2][0] * 2) / 3, (leg[1][1] + leg[2][1] * 2) / 3), leg[2]), tall * 0.07, shirt)
        plate.line(leg[2:], tall * 0.05, dark)
        knee = ((leg[0][0] + leg[1][0] * 2) / 3, (leg[0][1] + leg[1][1] * 2) / 3)
        plate.line((leg[0], knee), tall * 0.125, mix(shorts, dark, 0.3) if side == "back" else shorts)
        plate.line(arm, tall * 0.05, tint)
        plate.disc(arm[-1], tall * 0.032, tint)
        plate.line(arm[:2], tall * 0.075, mix(shirt, dark, 0.3) if side == "back" else shirt)
        if side == "back":
            plate.poly(curve(parts["trunk"], closed=True, steps=5), shirt)
            plate.poly(
                curve(
                    [
                        parts["trunk"][0],
                        parts["trunk"][3],
                        ((parts["trunk"][0][0] * 2 + parts["trunk"][1][0]) / 3, foot[1] - tall * 0.66),
                    ],
                    closed=True,
                    steps=5,
                ),
                mix(shirt, dark, 0.25),
            )
    head = parts["head"][0]
    plate.rect((head[0] - tall * 0.028, head[1], head[0] + tall * 0.028, head[1] + tall * 0.11), skin)
    plate.oval((head[0] - tall * 0.05, head[1] - tall * 0.07, head[0] + tall * 0.05, head[1] + tall * 0.06), skin)
    cap = [(-0.054, 0.01), (-0.05, -0.055), (0.01, -0.082), (0.052, -0.05), (0.03, -0.035), (-0.025, -0.03)]
    plate.poly(curve([(head[0] + u * tall, head[1] + v * tall) for u, v in cap], closed=True, steps=4), dark)
