#!/usr/bin/env python3
"""A Swiper client of its own, written from docs/PROTOCOL.md with nothing but Python's standard library.

It signs two users in, lets each like the other, and checks that both hear of the match and that exactly one of the two
swipes says so. A third, who has had no push yet, loses the connection, is superliked, and hears of it after coming back:

    python3 swiper_client.py --port 7400 --outbox data/outbox/sms.jsonl
"""
import argparse
import json
import random
import re
import socket
import struct
import sys
import time

REQUEST, REPLY, PUSH = 0, 1, 2
HELLO, REQUEST_CODE, LOGIN, RESUME, SWIPE = 1, 101, 102, 103, 202
MATCHED, SUPERLIKED, MISSED = 701, 702, 705
LIKE, SUPERLIKE = 1, 2


# MessagePack, https://github.com/msgpack/msgpack/blob/master/spec.md: as much of it as Swiper speaks.

def pack(value):
    if value is None:
        return b"\xc0"
    if value is True or value is False:
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        if 0 <= value < 0x80:
            return bytes([value])
        return b"\xcf" + struct.pack(">Q", value) if value > 0 else b"\xd3" + struct.pack(">q", value)
    if isinstance(value, float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, str):
        utf8 = value.encode()
        return b"\xdb" + struct.pack(">I", len(utf8)) + utf8
    if isinstance(value, list):
        return b"\xdd" + struct.pack(">I", len(value)) + b"".join(map(pack, value))
    if isinstance(value, dict):
        return b"\xdf" + struct.pack(">I", len(value)) + b"".join(pack(key) + pack(item) for key, item in value.items())
    raise TypeError(f"no MessagePack for {type(value)}")


NUMBERS = {0xca: ">f", 0xcb: ">d", 0xcc: ">B", 0xcd: ">H", 0xce: ">I", 0xcf: ">Q", 0xd0: ">b", 0xd1: ">h", 0xd2: ">i", 0xd3: ">q"}
LENGTHS = {0xc4: ">B", 0xc5: ">H", 0xc6: ">I", 0xd9: ">B", 0xda: ">H", 0xdb: ">I", 0xdc: ">H", 0xdd: ">I", 0xde: ">H", 0xdf: ">I"}


class Unpacker:
    def __init__(self, content):
        self.content = content
        self.position = 0

    def take(self, count):
        taken = self.content[self.position:self.position + count]
        if len(taken) < count:
            raise ValueError("the value is cut short")
        self.position += count
        return taken

    def number(self, layout):
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def value(self):
        first = self.take(1)[0]
        if first < 0x80:
            return first
        if first >= 0xe0:
            return first - 0x100
        if first < 0x90:
            return self.map(first & 0x0f)
        if first < 0xa0:
            return self.array(first & 0x0f)
        if first < 0xc0:
            return self.take(first & 0x1f).decode()
        if first in (0xc0, 0xc2, 0xc3):
            return {0xc0: None, 0xc2: False, 0xc3: True}[first]
        if first in NUMBERS:
            return self.number(NUMBERS[first])
        if first not in LENGTHS:
            raise ValueError(f"Swiper sends no {first:#x}")
        length = self.number(LENGTHS[first])
        if first <= 0xc6:
            return self.take(length)
        if first <= 0xdb:
            return self.take(length).decode()
        return self.array(length) if first <= 0xdd else self.map(length)

    def array(self, count):
        return [self.value() for _ in range(count)]

    def map(self, count):
        return {self.value(): self.value() for _ in range(count)}


def unpack(content):
    unpacker = Unpacker(content)
    value = unpacker.value()
    if unpacker.position != len(content):
        raise ValueError("bytes follow the value")
    return value


class Failure(Exception):
    """The server answered a code other than 0."""


class Client:
    """One connection that asks one thing at a time. Pushes that come meanwhile wait in `pushes`; `push_seq` is where to resume."""

    def __init__(self, host, port, timeout=10):
        self.socket = socket.create_connection((host, port), timeout)
        self.last_id = 0
        self.pushes = []
        self.push_seq = None

    def login(self, phone, code, nonce=None):
        uid, token, expires, created, self.push_seq = self.call(LOGIN, phone, code, nonce)
        return uid, token, expires, created

    def resume(self, token, push_seq):
        uid, _, self.push_seq = self.call(RESUME, token, push_seq)
        return uid

    def call(self, opcode, *args):
        """Sends a request and answers the data of its reply."""
        self.last_id += 1
        frame = pack([REQUEST, self.last_id, opcode, list(args)])
        self.socket.sendall(struct.pack(">I", len(frame)) + frame)
        while True:
            message = self.receive()
            if message[0] == PUSH:
                self.keep(message)
                continue
            kind, request_id, code, data = message
            if kind != REPLY or request_id != self.last_id:
                raise ValueError(f"unexpected {message}")
            if code != 0:
                raise Failure(f"opcode {opcode}: {code} {data}")
            return data

    def push(self):
        """The next push as (opcode, seq, data); waits for it."""
        if not self.pushes:
            self.keep(self.receive())
        _, opcode, seq, data = self.pushes.pop(0)
        return opcode, seq, data

    def keep(self, message):
        kind, opcode, seq, _ = message
        if kind != PUSH:
            raise ValueError(f"expected a push, not {message}")
        self.pushes.append(message)
        if seq > 0 or opcode == MISSED:
            self.push_seq = seq

    def receive(self):
        length, = struct.unpack(">I", self.read(4))
        return unpack(self.read(length))

    def read(self, count):
        content = b""
        while len(content) < count:
            part = self.socket.recv(count - len(content))
            if not part:
                raise ConnectionError("the server closed the connection")
            content += part
        return content


def newest_code(outbox, phone, timeout=10):
    """The six digits of the last message to a phone; in Development messages are lines of JSON in a file."""
    give_up = time.monotonic() + timeout
    while time.monotonic() < give_up:
        with open(outbox, encoding="utf-8") as lines:
            texts = [message["text"] for message in map(json.loads, lines) if message["phone"] == phone]
        if texts:
            return re.search(r"\d{6}", texts[-1]).group()
        time.sleep(0.05)
    raise TimeoutError(f"no message to {phone} in {outbox}")


def sign_in(host, port, outbox):
    client = Client(host, port)
    client.call(HELLO, 1, "swiper_client.py")
    phone = f"+1555{random.randrange(10**8):08}"
    ttl, resend, nonce = client.call(REQUEST_CODE, phone)[:3]
    assert ttl > 0 and resend >= 0 and nonce
    # Without the nonce of this device a code works as well, but on a budget that all who have none share.
    uid, token, expires, created = client.login(phone, newest_code(outbox, phone), nonce)
    assert created and token and expires > time.time() * 1000
    return client, uid, token


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=7400)
    parser.add_argument("--outbox", required=True, help="outbox/sms.jsonl in the server's data folder")
    options = parser.parse_args()

    ann, ann_uid, _ = sign_in(options.host, options.port, options.outbox)
    bob, bob_uid, _ = sign_in(options.host, options.port, options.outbox)

    replies = [ann.call(SWIPE, bob_uid, LIKE), bob.call(SWIPE, ann_uid, LIKE)]
    matched = [reply[0] for reply in replies]
    assert matched.count(True) == 1, f"exactly one swipe makes the match: {replies}"

    for client, other in ((ann, bob_uid), (bob, ann_uid)):
        opcode, seq, data = client.push()
        assert opcode == MATCHED and data[0] == other and seq == client.push_seq == 1, (opcode, seq, data)

    away, cat_uid, cat_token = sign_in(options.host, options.port, options.outbox)
    away.socket.close()
    ann.call(SWIPE, cat_uid, SUPERLIKE)
    cat = Client(options.host, options.port)
    assert cat.resume(cat_token, away.push_seq) == cat_uid
    opcode, seq, data = cat.push()
    assert opcode == SUPERLIKED and data[0] == ann_uid and seq == cat.push_seq == 1, (opcode, seq, data)
    print("ok")


if __name__ == "__main__":
    sys.exit(main())
