"""TLS with python's asyncio. Arguments: server CERTIFICATE KEY, or client PORT CA.

The server answers one client's line with the line in upper case. The client sends a line and prints the answer. Both
print what they saw of the other's end.
"""

import asyncio
import ssl
import sys


async def serve(certificate, key):
    done = asyncio.Event()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def answer(reader, writer):
        writer.write((await reader.readline()).upper())
        await writer.drain()
        print("rest", len(await reader.read()), flush=True)
        print("can write", writer.can_write_eof() and not writer.is_closing(), flush=True)
        writer.close()
        done.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.wait_for(done.wait(), 60)


async def connect(port, ca):
    context = ssl.create_default_context(cafile=ca)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
    writer.write(b"hello\n")
    print((await reader.readline()).decode().strip(), flush=True)
    print("rest", len(await reader.read()), flush=True)
    writer.close()
    await writer.wait_closed()


if sys.argv[1] == "server":
    asyncio.run(serve(sys.argv[2], sys.argv[3]))
else:
    asyncio.run(connect(int(sys.argv[2]), sys.argv[3]))
