"""A real nginx on loopback ports, with exactly the snippet that `invoke hosting nginx` prints."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

NGINX = "/usr/sbin/nginx"
MODULE = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
CONF = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
load_module {module};
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    server {{
        listen 127.0.0.1:{http};
        return 308 https://$host:{https}$request_uri;
    }}
    server {{
        listen 127.0.0.1:{https} ssl http2;
        ssl_certificate {folder}/cert.pem;
        ssl_certificate_key {folder}/key.pem;
        include {folder}/site.conf;
    }}
    server {{
        listen 127.0.0.1:{plain};
        include {folder}/site.conf;
    }}
    server {{
        listen 127.0.0.1:{bare};
        root {folder}/bare;
        brotli_static on;
        types {{ text/html html; }}
    }}
}}
"""


@dataclass(frozen=True)
class Server:
    """Where it listens: the site under TLS, its redirect, the site without TLS, a bare folder."""

    https: int
    http: int
    plain: int
    bare: int
    folder: Path


def free_ports(count: int) -> list[int]:
    """Return ports on which nobody listens."""
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]


def listens(port: int) -> bool:
    """Say whether somebody answers at a port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serve(snippet: str, folder: Path) -> Iterator[Server]:
    """Run nginx with a site's snippet, its files in an empty folder; stop it at the end."""
    (folder / "site.conf").write_text(snippet)
    (folder / "bare").mkdir()
    server = Server(*free_ports(4), folder)
    (folder / "nginx.conf").write_text(CONF.format(module=MODULE, **vars(server)))
    certificate = "req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -addext "
    certificate += "subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
    subprocess.run(["openssl", *certificate.split()], cwd=folder, check=True, capture_output=True)
    command = [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            for _ in range(200):
                if listens(server.bare) or process.poll() is not None:
                    break
                time.sleep(0.05)
            assert process.poll() is None, process.stderr and process.stderr.read()
            yield server
        finally:
            process.terminate()


def observatory(server: Server) -> dict[str, object]:
    """Return the MDN HTTP Observatory's `score`, `grade` and `tests` for a server."""
    run = subprocess.run(
        ["node", "observatory.mjs", str(server.http), str(server.https)],
        cwd=Path(__file__).parent,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(server.folder / "cert.pem")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
