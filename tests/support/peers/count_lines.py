"""Accepts one connection, receives lines until the peer sends FIN, and prints their number, the different lines, and the
milliseconds from the first one to the last one."""

import socket
import time

with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    connection, _ = server.accept()
    times, lines = [], []
    with connection, connection.makefile("rb") as reader:
        for line in reader:
            times.append(time.monotonic())
            lines.append(line)
    span = (times[-1] - times[0]) * 1000 if times else 0
    print(len(lines), b"|".join(sorted(set(lines))).decode().replace("\n", "\\n"), round(span), flush=True)
