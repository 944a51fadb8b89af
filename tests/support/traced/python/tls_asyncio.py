"""A TLS server and client with asyncio's streams; the certificate and its key are in the files that the environment names."""
import asyncio
import os
import ssl


async def answer(reader, writer):
    writer.write(b"you said: " + await reader.readline())
    await writer.drain()
    writer.close()


async def main():
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(os.environ["CERTIFICATE"], os.environ["KEY"])
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname = False
    client_context.load_verify_locations(os.environ["CERTIFICATE"])
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server_context)
    host, port = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(host, port, ssl=client_context)
    writer.write(b"in secret\n")
    assert await reader.readline() == b"you said: in secret\n"
    await reader.read()
    writer.close()
    await asyncio.wait([asyncio.ensure_future(writer.wait_closed())], timeout=2)
    server.close()
    await asyncio.sleep(0.05)


asyncio.run(main())
