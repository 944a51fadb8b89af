"""Sends Modbus RTU frames over TCP, each after the echo of the one before: a read request, the same with one bit changed, one byte, and a
write request. Computes the CRC bit by bit. Usage: `modbus_client.py PORT`."""

import socket
import sys


def crc(frame: bytes) -> bytes:
    value = 0xFFFF
    for byte in frame:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value.to_bytes(2, "little")


def with_crc(text: str) -> bytes:
    frame = bytes.fromhex(text)
    return frame + crc(frame)


read = with_crc("11 03 00 6b 00 03")
damaged = read[:4] + bytes([read[4] ^ 0x10]) + read[5:]
frames = [read, damaged, b"\x11", with_crc("11 06 00 01 00 03")]

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as client:
    client.settimeout(60)
    for frame in frames:
        client.sendall(frame)
        echo = b""
        while len(echo) < len(frame):
            echo += client.recv(4096)
        print(echo.hex(), flush=True)
