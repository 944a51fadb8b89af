"""A server that answers after one recv(). With "correct" it reads up to the line's end."""
import socket
import sys
import threading
import time

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
listener.bind(("127.0.0.1", 0))
listener.listen()


def serve():
    connection, _ = listener.accept()
    with connection:
        time.sleep(0.2)
        size = 0
        while data := connection.recv(1_000_000):
            size += len(data)
            time.sleep(0.02)
            if "correct" not in sys.argv or data.endswith(b"\n"):
                connection.sendall(b"got %d\n" % size)


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    client.sendall(b"x" * 300_000 + b"\n")
    client.shutdown(socket.SHUT_WR)
    while client.recv(1_000_000):
        pass
thread.join()
listener.close()
