"""Read a vector tile: layers with their features' attributes, ids and points (Mapbox Vector Tile 2.1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Feature:
    """One feature: id, attributes and the numbers of its geometry commands."""

    id: int | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    commands: list[int] = field(default_factory=list)

    @property
    def point(self) -> tuple[int, int]:
        """The tile coordinates of a point feature (y downwards)."""
        return _unzigzag(self.commands[1]), _unzigzag(self.commands[2])


def read_tile(content: bytes) -> dict[str, list[Feature]]:
    """Return the features of each layer by its name."""
    return dict(_layer(value) for number, value in _fields(content) if number == 3)


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _fields(content: bytes) -> list[tuple[int, Any]]:
    found, at = [], 0
    while at < len(content):
        key, at = _varint(content, at)
        kind, value = key & 7, None
        if kind == 0:
            value, at = _varint(content, at)
        elif kind == 1:
            value, at = content[at : at + 8], at + 8
        elif kind == 2:
            length, at = _varint(content, at)
            value, at = content[at : at + length], at + length
        elif kind == 5:
            value, at = content[at : at + 4], at + 4
        else:
            raise ValueError(f"wire type {kind}")
        found.append((key >> 3, value))
    return found


def _packed(content: bytes) -> list[int]:
    found, at = [], 0
    while at < len(content):
        value, at = _varint(content, at)
        found.append(value)
    return found


def _unzigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def _value(content: bytes) -> Any:
    number, value = _fields(content)[0]
    if number == 1:
        return value.decode()
    if number == 2:
        return struct.unpack("<f", value)[0]
    if number == 3:
        return struct.unpack("<d", value)[0]
    if number == 6:
        return _unzigzag(value)
    if number == 7:
        return bool(value)
    return value


def _layer(content: bytes) -> tuple[str, list[Feature]]:
    parts = _fields(content)
    name = next(value.decode() for number, value in parts if number == 1)
    keys = [value.decode() for number, value in parts if number == 3]
    values = [_value(value) for number, value in parts if number == 4]
    features = []
    for number, body in parts:
        if number != 2:
            continue
        feature = Feature()
        for part, value in _fields(body):
            if part == 1:
                feature.id = value
            elif part == 2:
                tags = _packed(value)
                feature.attributes = {keys[a]: values[b] for a, b in zip(tags[::2], tags[1::2], strict=True)}
            elif part == 4:
                feature.commands = _packed(value)
        features.append(feature)
    return name, features
