"""A WebSocket peer written from RFC 6455 over a plain socket, so that framing is checked by something else.

Arguments: client PORT PATH [SUBPROTOCOLS], or server [PROTOCOL]. A server prints its port; both print the handshake they
got as one line of JSON. Then each line on stdin is a command:
  send OPCODE FIN MASKED HEX    one frame            fill OPCODE LENGTH BYTE   one whole masked frame of one byte repeated
  repeat COUNT OPCODE HEX       many whole frames    length OPCODE LENGTH      a masked frame's head alone
  read                          prints one frame: fin opcode masked hex (longer than 64 bytes: length and SHA-256)
  eof                           prints "eof" or "reset" when the connection has ended, frames on the way left out
  fin | rst                     ends the connection
"""

import base64
import hashlib
import json
import os
import socket
import struct
import sys

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def accept_of(key):
    return base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()


def read_head():
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise SystemExit("the peer ended inside its headers")
        head += byte
    first, *lines = head.decode().strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    return first, headers


def read_exactly(count):
    data = b""
    while len(data) < count:
        part = connection.recv(min(65536, count - len(data)))
        if not part:
            raise EOFError
        data += part
    return data


def mask(data, key):
    count = len(data)
    long_key = (key * (count // 4 + 1))[:count]
    return (int.from_bytes(data, "big") ^ int.from_bytes(long_key, "big")).to_bytes(count, "big")


def head_of(opcode, fin, masked, length):
    first = (0x80 if fin else 0) | opcode
    bit = 0x80 if masked else 0
    if length < 126:
        return struct.pack("!BB", first, bit | length)
    if length < 65536:
        return struct.pack("!BBH", first, bit | 126, length)
    return struct.pack("!BBQ", first, bit | 127, length)


def frame(opcode, fin, masked, data):
    if not masked:
        return head_of(opcode, fin, False, len(data)) + data
    key = os.urandom(4)
    return head_of(opcode, fin, True, len(data)) + key + mask(data, key)


def read_frame():
    first, second = read_exactly(2)
    length = second & 0x7F
    if length == 126:
        (length,) = struct.unpack("!H", read_exactly(2))
    elif length == 127:
        (length,) = struct.unpack("!Q", read_exactly(8))
    masked = bool(second & 0x80)
    key = read_exactly(4) if masked else None
    data = read_exactly(length)
    if key:
        data = mask(data, key)
    shown = data.hex() if length <= 64 else f"{length} {hashlib.sha256(data).hexdigest()}"
    return f"{first >> 7} {first & 15} {int(masked)} {shown}".strip()


def shake_as_client(port, path, protocols):
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
    if protocols:
        lines.append(f"Sec-WebSocket-Protocol: {protocols}")
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    status, headers = read_head()
    good = headers.get("sec-websocket-accept") == accept_of(key)
    print(json.dumps({"status": status, "accepted": good, "headers": headers}), flush=True)


def shake_as_server(protocol):
    request, headers = read_head()
    lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
    lines.append(f"Sec-WebSocket-Accept: {accept_of(headers['sec-websocket-key'])}")
    if protocol:
        lines.append(f"Sec-WebSocket-Protocol: {protocol}")
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    print(json.dumps({"request": request, "headers": headers}), flush=True)


def run(words):
    command = words[0]
    if command == "send":
        opcode, fin, masked = (int(word) for word in words[1:4])
        connection.sendall(frame(opcode, fin, masked, bytes.fromhex(words[4]) if len(words) > 4 else b""))
    elif command == "fill":
        connection.sendall(frame(int(words[1]), 1, sys.argv[1] == "client", bytes([int(words[3])]) * int(words[2])))
    elif command == "repeat":
        connection.sendall(frame(int(words[2]), 1, True, bytes.fromhex(words[3])) * int(words[1]))
    elif command == "length":
        connection.sendall(head_of(int(words[1]), 1, True, int(words[2])) + os.urandom(4))
    elif command == "read":
        print(read_frame(), flush=True)
    elif command == "eof":
        try:
            while connection.recv(65536):
                pass
            print("eof", flush=True)
        except ConnectionResetError:
            print("reset", flush=True)
    elif command == "rst":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    elif command == "fin":
        connection.shutdown(socket.SHUT_WR)


if sys.argv[1] == "client":
    connection = socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=60)
    shake_as_client(sys.argv[2], sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else "")
else:
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    connection, _ = listener.accept()
    connection.settimeout(60)
    shake_as_server(sys.argv[2] if len(sys.argv) > 2 else "")

for line in sys.stdin:
    run(line.split())
