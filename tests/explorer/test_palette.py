"""The colours: legible on the pages behind them, and told apart by eyes that lack a kind of cone."""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

import compactgraph.explorer
from compactgraph.explorer.frame.render import SIGNS

STYLE = (Path(compactgraph.explorer.__file__).parent / "style.css").read_text(encoding="utf-8")
PAIRS = re.findall(r"--cg-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", STYLE)
COLOURS = {name: {"light": light, "dark": dark} for name, light, dark in PAIRS}
TONES = [name for name in COLOURS if name.startswith("tone-")]
TEXTS = ["text", "faint", "link", *TONES]

# Machado, Oliveira and Fernandes (2009), severity 1: what is left of a colour in linear RGB.
CONES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
Colour = tuple[float, ...]


def linear(written: str) -> Colour:
    """Return a colour ``#rrggbb`` as linear RGB, each from 0 to 1."""
    parts = [int(written[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def luminance(colour: Colour) -> float:
    """Return the relative luminance, as WCAG 2.2 defines it."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, as WCAG 2.2 defines it."""
    dark, light = sorted((luminance(linear(one)), luminance(linear(other))))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: Colour) -> Colour:
    """Return linear RGB in CIELAB, where distances are near to what an eye sees."""
    red, green, blue = colour
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        luminance(colour),
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


def seen(colour: Colour, cones: str) -> Colour:
    """Return how eyes with these cones see a colour."""
    mixed = (sum(a * b for a, b in zip(row, colour, strict=True)) for row in CONES[cones])
    return tuple(min(1.0, max(0.0, value)) for value in mixed)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_s_colour_is_legible(name: str, scheme: str) -> None:
    for behind in ("page", "panel"):
        assert contrast(COLOURS[name][scheme], COLOURS[behind][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("cones", CONES)
def test_the_colours_of_outcomes_are_told_apart(cones: str, scheme: str) -> None:
    points = {name: lab(seen(linear(COLOURS[f"tone-{name}"][scheme]), cones)) for name in SIGNS}
    nearest = min(math.dist(points[one], points[other]) for one, other in combinations(points, 2))
    assert nearest >= 15


def test_every_outcome_has_a_sign_of_its_own(explorer_terms: list[str]) -> None:
    assert sorted(SIGNS) == sorted(explorer_terms)
    assert len(set(SIGNS.values())) == len(SIGNS)


@pytest.fixture
def explorer_terms(ontology_folder: Path) -> list[str]:
    """Return the notations of the outcomes, from their vocabulary."""
    vocabulary = (ontology_folder / "vocab" / "outcome.ttl").read_text(encoding="utf-8")
    return re.findall(r'skos:notation "([\w-]+)"', vocabulary)
