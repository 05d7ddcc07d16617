"""An HTTPS server of front ends, whose pages are empty, and a proxy that ends TLS in front of another server. Tells both ports.

    python tests/browser/sites.py http://HOST:PORT

It runs in the virtual environment of requirements.txt, which `start` makes.
"""

import asyncio
import contextlib
import ssl
import sys
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = b"<!doctype html><title>A front end</title>"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE)


def start(server):
    """Both as a process that tells the ports of the front ends and of the proxy, with a blank between them."""
    sys.path.append(str(HERE.parent))
    import virtual_environment
    from driver import Process

    # The one of the SMTP server, which makes its certificates by the same means.
    environment = virtual_environment.make("smtp", HERE / "requirements.txt", "certificates")
    python = str(virtual_environment.python_of(environment))
    return Process([python, __file__, server], r"listening on (\d+ \d+)", lambda _: True)


def tls():
    """A certificate that no browser trusts unless it is told to accept every one."""
    import trustme

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("*.example.com", "*.example.net", "*.example.org").configure_cert(context)
    return context


async def show(reader, writer):
    """Answers a request with the page."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
    writer.close()


async def copy(reader, writer):
    """Passes on what comes until the end."""
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def main():
    server = urllib.parse.urlsplit(sys.argv[1])

    async def pass_on(reader, writer):
        back, forth = await asyncio.open_connection(server.hostname, server.port)
        await asyncio.gather(copy(reader, forth), copy(back, writer))

    listening = [await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls()) for handle in (show, pass_on)]
    print("listening on", *(one.sockets[0].getsockname()[1] for one in listening), flush=True)
    await asyncio.gather(*(one.serve_forever() for one in listening))


if __name__ == "__main__":
    asyncio.run(main())
