"""Echoes lines to many clients at once with select(), on loopback. Prints its port first."""

import select
import socket

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
    server.bind(("127.0.0.1", 0))
    server.listen(64)
    server.setblocking(False)
    print(server.getsockname()[1], flush=True)
    clients = []
    while True:
        readable, _, _ = select.select([server, *clients], [], [])
        for ready in readable:
            if ready is server:
                client, _ = server.accept()
                clients.append(client)
                continue
            data = ready.recv(4096)
            if data:
                ready.sendall(data)
            else:
                clients.remove(ready)
                ready.close()
