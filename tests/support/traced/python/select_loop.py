"""A server that waits with select(), on sockets that do not block."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 0))
listener.setblocking(False)
client = socket.create_connection(listener.getsockname())
client.sendall(b"one")
open_sockets = [listener]
answered = False
while not answered:
    ready, _, _ = select.select(open_sockets, [], [], 5)
    for sock in ready:
        if sock is listener:
            connection, _ = listener.accept()
            connection.setblocking(False)
            open_sockets.append(connection)
        else:
            sock.send(sock.recv(16))
            answered = True
client.recv(16)
try:
    open_sockets[1].recv(16)
except BlockingIOError:
    pass
for sock in [client, *open_sockets]:
    sock.close()
