"""Says something, ends its side, and prints what the server says after that: `asyncio_client.py PORT`."""

import asyncio
import sys


async def main() -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    writer.write(b"all I have to say")
    writer.write_eof()
    print((await reader.read()).decode(), flush=True)
    writer.close()
    await writer.wait_closed()


asyncio.run(main())
