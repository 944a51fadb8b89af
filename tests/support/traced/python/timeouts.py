"""settimeout(), a connect that does not block, shutdown(), and the calls for datagrams with several buffers."""
import errno
import select
import socket

listener = socket.create_server(("127.0.0.1", 0), backlog=2)
client = socket.socket()
client.setblocking(False)
assert client.connect_ex(listener.getsockname()) in (0, errno.EINPROGRESS)
select.select([], [client], [], 5)
connection, _ = listener.accept()
connection.settimeout(5)
client.settimeout(5)
client.sendmsg([b"in ", b"parts"])
assert connection.recvmsg(100)[0] == b"in parts"
client.shutdown(socket.SHUT_WR)
assert connection.recv(10) == b""
connection.sendall(b"bye")
client.recvmsg_into([bytearray(2), bytearray(2)])
connection.close()
client.close()
listener.close()
