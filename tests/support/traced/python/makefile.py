"""Lines over files that makefile() made of sockets."""
import socket
import threading

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb") as file:
        for line in file:
            file.write(line[::-1])
            file.flush()


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client, client.makefile("rw", encoding="utf-8") as file:
    for word in ("abc\n", "size\n"):
        file.write(word)
        file.flush()
        file.readline()
    client.shutdown(socket.SHUT_WR)
    file.read()
thread.join()
listener.close()
