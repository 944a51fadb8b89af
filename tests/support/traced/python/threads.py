"""Four clients at a time, each with a thread of the server."""
import socket
import threading

listener = socket.create_server(("127.0.0.1", 0))


def answer(connection):
    with connection:
        while data := connection.recv(64):
            connection.sendall(data.upper())


def serve():
    for _ in range(4):
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection,)).start()


def ask(name):
    with socket.create_connection(listener.getsockname()) as client:
        for number in range(5):
            client.sendall(b"%s %d" % (name, number))
            client.recv(64)


threading.Thread(target=serve).start()
clients = [threading.Thread(target=ask, args=(b"client-%d" % n,)) for n in range(4)]
for one in clients:
    one.start()
for one in clients:
    one.join()
listener.close()
