"""Reads a Wirebench session file (docs/session-format.md) and prints what is in it as JSON lines.

usage: read_session.py FILE

Nothing but the standard library. Stops at the first block that does not check and says so on stderr.
"""

import base64
import json
import struct
import sys
import zlib

HEADER = struct.Struct("<4sBBHIIdIId")
KINDS = {
    0: "in", 1: "out", 16: "listening", 17: "resolved", 18: "connecting", 19: "accepted", 20: "opened",
    21: "shutdown", 22: "ended", 23: "paused", 24: "resumed", 25: "limited", 26: "failed", 27: "closed",
    28: "problem", 29: "bound", 30: "udpPeer", 31: "waiting", 32: "secured", 33: "upgraded", 34: "reframed",
    35: "malformed",
}


def blocks(data):
    """Yields (type, first, count, base time, payload length, body) of each block that checks."""
    at, expected, ended = 0, 0, False
    while at < len(data):
        if len(data) - at < HEADER.size:
            return stopped(at, data)
        magic, kind, version, _, length, checksum, first, count, payload, base = HEADER.unpack_from(data, at)
        end = at + HEADER.size + length
        if magic != b"WBk1" or version != 1 or end > len(data) or first != expected:
            return stopped(at, data)
        if zlib.crc32(data[at : at + 12] + bytes(4) + data[at + 16 : end]) != checksum:
            return stopped(at, data)
        if ended and kind <= 5:
            return stopped(at, data)
        ended = ended or kind == 4
        yield kind, int(first), count, base, payload, data[at + HEADER.size : end]
        expected += count
        at = end


def stopped(at, data):
    print(f"stopped at byte {at}: {len(data) - at} bytes left out", file=sys.stderr)


def records(first, n, base, body):
    """Yields each record of a records block as a dict."""
    offsets = struct.unpack_from(f"<{n}d", body, 0)
    times, sockets, lengths = (struct.unpack_from(f"<{n}I", body, at * n) for at in (8, 12, 16))
    kinds, flags, heads, tails = (body[at * n : (at + 1) * n] for at in (20, 21, 22, 23))
    at = 24 * n
    for i in range(n):
        data = body[at : at + lengths[i]]
        at += lengths[i]
        record = {
            "seq": first + i,
            "at": base + times[i] / 1000,
            "kind": KINDS[kinds[i]],
            "socket": sockets[i],
            "offset": offsets[i],
            "flags": flags[i],
            "head": heads[i],
            "tail": tails[i],
        }
        if kinds[i] < 16:
            record["base64"] = base64.b64encode(data).decode()
        else:
            record["event"] = json.loads(data)
        yield record


def reads(n, base, body):
    """Yields each read of a reads block as a dict."""
    offsets = struct.unpack_from(f"<{n}d", body, 0)
    times, sockets, lengths = (struct.unpack_from(f"<{n}I", body, at * n) for at in (8, 12, 16))
    for i in range(n):
        yield {"read": {"socket": sockets[i], "offset": offsets[i], "at": base + times[i] / 1000, "length": lengths[i]}}


def main(path):
    with open(path, "rb") as file:
        data = file.read()
    for kind, first, count, base, payload, body in blocks(data):
        if kind == 2:
            for record in records(first, count, base, body):
                print(json.dumps(record))
        elif kind == 5:
            for read in reads(payload // 20, base, body):
                print(json.dumps(read))
        elif kind == 1:
            print(json.dumps({"session": json.loads(body[:payload])}))
        elif kind == 3:
            print(json.dumps({"sockets": json.loads(body[:payload])}))
        elif kind == 4:
            print(json.dumps({"end": json.loads(body[:payload])}))
        elif kind == 6:
            print(json.dumps({"marks": json.loads(body[:payload])}))
        elif kind == 7:
            print(json.dumps({"settings": json.loads(body[:payload])}))


if __name__ == "__main__":
    main(sys.argv[1])
