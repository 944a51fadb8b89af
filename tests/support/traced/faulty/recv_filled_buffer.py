"""A server that reads once with a small buffer and answers. With "correct" it reads up to the line's end."""
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    with connection:
        request = connection.recv(16)
        while "correct" in sys.argv and not request.endswith(b"\n"):
            request += connection.recv(16)
        connection.sendall(b"got %d" % len(request))
        if "correct" not in sys.argv:
            connection.recv(16)
            connection.recv(16)


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    client.sendall(b"a request that has more than 16 bytes\n")
    client.recv(100)
thread.join()
listener.close()
