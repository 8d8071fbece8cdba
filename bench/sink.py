"""python -m bench.sink: a mail server on loopback that takes everything and keeps nothing; it prints its port."""

import asyncio
import sys

REPLIES = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n", b"EHLO": b"250-sink\r\n250 PIPELINING\r\n"}


class Sink(asyncio.Protocol):
    """One connection: an answer for each command, and one for each message."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.waiting, self.is_data = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer every whole command, or the end of a message."""
        self.waiting += data
        while True:
            end = self.waiting.find(b"\r\n.\r\n" if self.is_data else b"\r\n")
            if end < 0:
                return
            if self.is_data:
                self.waiting, self.is_data = self.waiting[end + 5 :], False
                self.transport.write(b"250 taken\r\n")
                continue
            command, self.waiting = self.waiting[:4].upper(), self.waiting[end + 2 :]
            self.is_data = command == b"DATA"
            self.transport.write(REPLIES.get(command, b"250 ok\r\n"))
            if command == b"QUIT":
                self.transport.close()


async def serve() -> None:
    """Listen until this process is ended."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
