"""A receiver whose buffer is shorter than the datagram. With "correct" it is long enough."""
import socket
import sys

receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.1", 0))
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.sendto(b"a datagram of 24 bytes..", receiver.getsockname())
receiver.recvfrom(65535 if "correct" in sys.argv else 16)
sender.close()
receiver.close()
