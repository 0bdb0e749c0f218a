"""How colours look to those who see no red or no green, and how far two of them are apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

Array = NDArray[np.float64]
# Machado, Oliveira and Fernandes (2009), table 1, severity 1.0; they act on linear RGB
VISIONS: dict[str, Array] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])  # D65


def lab(name: str, vision: str = "normal") -> Array:
    """CIE L*a*b* of a colour as it looks to such eyes, ndarray of shape (3,)."""
    colour = QColor(name)
    coded = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(VISIONS[vision] @ linear, 0, 1) / WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: Array, other: Array) -> float:
    """CIEDE2000 of two colours in L*a*b* (Sharma, Wu and Dalal, 2005)."""
    chroma = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    a, b = np.array([one[1], other[1]]) * stretch, np.array([one[2], other[2]])
    chromas, hues = np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360
    turn = (hues[1] - hues[0] + 180) % 360 - 180 if chromas.all() else 0.0
    d_hue = 2 * np.sqrt(chromas.prod()) * np.sin(np.radians(turn / 2))
    lightness, mean_chroma = (one[0] + other[0]) / 2, chromas.mean()
    hue = hues.sum() if not chromas.all() else hues[0] + turn / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    s_lightness = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * mean_chroma, 1 + 0.015 * mean_chroma * t
    turned = 60 * np.exp(-(((hue % 360 - 275) / 25) ** 2))
    rotation = -2 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7)) * np.sin(np.radians(turned))
    parts = np.array([(other[0] - one[0]) / s_lightness, (chromas[1] - chromas[0]) / s_chroma, d_hue / s_hue])
    return float(np.sqrt(parts @ parts + rotation * parts[1] * parts[2]))
