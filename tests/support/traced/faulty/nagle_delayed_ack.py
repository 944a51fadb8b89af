"""A client that sends each request in two parts. With "correct" it sends it at once."""
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    with connection:
        request = b""
        while data := connection.recv(100):
            request += data
            if request.endswith(b"\n"):
                connection.sendall(b"thank you\n")
                request = b""


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    for _ in range(40):
        for part in [b"length: 5, hello\n"] if "correct" in sys.argv else [b"length: 5, ", b"hello\n"]:
            client.sendall(part)
        client.recv(100)
thread.join()
listener.close()
