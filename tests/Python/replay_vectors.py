#!/usr/bin/env python3
"""Reads every frame of docs/vectors with the Python client's codec, compares it with its value, and writes it again:

    python3 replay_vectors.py docs/vectors
"""
import json
import pathlib
import struct
import sys

from swiper_client import pack, unpack


def replay(line):
    """True if the line has a valid frame."""
    vector = json.loads(line)
    if "value" not in vector:
        return False
    frame, value = bytes.fromhex(vector["frame"]), vector["value"]
    length, = struct.unpack(">I", frame[:4])
    assert length == len(frame) - 4, f"the length is {length}: {line}"
    read = unpack(frame[4:])
    assert read == value, f"{read} is not the value: {line}"
    assert unpack(pack(value)) == value, f"written and read again, the value is another one: {line}"
    return True


def main():
    files = sorted(pathlib.Path(sys.argv[1]).rglob("*.jsonl"))
    frames = [replay(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert frames.count(True) > 50, f"only {frames.count(True)} frames in {len(files)} files"
    print(f"ok, {frames.count(True)} frames")


if __name__ == "__main__":
    sys.exit(main())
