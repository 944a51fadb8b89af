"""A server that decodes each read alone. With "correct" it collects the line first."""
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    with connection:
        line = b""
        while data := connection.recv(4):
            line += data
            if "correct" in sys.argv and not line.endswith(b"\n"):
                continue
            connection.sendall(b"got " + line.decode(errors="replace").encode())
            line = b""


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    client.sendall("caf\u00e9\n".encode())
    client.shutdown(socket.SHUT_WR)
    while client.recv(100):
        pass
thread.join()
listener.close()
