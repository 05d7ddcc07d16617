"""An SMTP server over TLS, for who knows the password, that keeps each mail in a folder as JSON. It refuses the first one once,
as a busy server does. The certificate of its authority is in the folder, too.

    python tests/browser/smtp_sink.py FOLDER

It runs in the virtual environment of requirements.txt, which `start` makes.
"""

import asyncio
import json
import logging
import smtplib
import ssl
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
USER, PASSWORD, AUTHORITY = "example", "p@ss:word", "authority.pem"


def start(folder):
    """The server as a process that tells its port."""
    sys.path.append(str(HERE.parent))
    import virtual_environment
    from driver import Process

    environment = virtual_environment.make("smtp", HERE / "requirements.txt", "an SMTP server")
    python = str(virtual_environment.python_of(environment))
    return Process([python, "-W", "ignore", __file__, str(folder)], r"listening on (\d+)", is_ready)


def is_ready(port):
    """Whether the server does nothing when it is asked to."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP_SSL("127.0.0.1", int(port), timeout=10, context=unchecked) as server:
        return server.noop()[0] == 250


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


def tls(folder):
    """What proves the server to who trusts the authority."""
    import trustme

    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(folder / AUTHORITY)
    return context


async def main():
    from aiosmtpd.smtp import SMTP, AuthResult

    def authenticate(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()))

    folder = Path(sys.argv[1])
    keep = Keep(folder)
    # The whole connection is encrypted, of which aiosmtpd itself knows nothing, and therefore warns.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    serve = asyncio.get_running_loop().create_server
    server = await serve(lambda: SMTP(keep, hostname="127.0.0.1", **options), "127.0.0.1", 0, ssl=tls(folder))
    print(f"listening on {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
