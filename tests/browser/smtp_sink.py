"""An SMTP server that keeps each mail in a folder as JSON. It refuses the first one once, as a busy server does.

    python tests/browser/smtp_sink.py FOLDER

It runs in the virtual environment of requirements.txt, which `start` makes.
"""

import asyncio
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def start(folder):
    """The server as a process that tells its port."""
    sys.path.append(str(HERE.parent))
    import virtual_environment
    from driver import Process

    environment = virtual_environment.make("smtp", HERE / "requirements.txt", "an SMTP server")
    python = str(virtual_environment.python_of(environment))
    return Process([python, __file__, str(folder)], r"listening on (\d+)")


class Keep:
    """What is done with mails."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0

    async def handle_DATA(self, _server, _session, envelope):
        self.count += 1
        if self.count == 1:
            return "451 4.3.0 Try again later"
        mail = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "content": envelope.content.decode()}
        draft = self.folder / f"{self.count}.draft"
        draft.write_text(json.dumps(mail))
        draft.rename(draft.with_suffix(".json"))
        return "250 2.0.0 Kept"


async def main():
    from aiosmtpd.smtp import SMTP

    keep = Keep(Path(sys.argv[1]))
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(keep, hostname="127.0.0.1"), "127.0.0.1", 0)
    print(f"listening on {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
