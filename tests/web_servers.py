"""Real web servers on loopback ports: nginx and Caddy with exactly the snippet that `invoke hosting`
prints, and Cloudflare Pages as `wrangler pages dev` plays it.
"""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

TESTS = Path(__file__).parent
NGINX = "/usr/sbin/nginx"
MODULE = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
NGINX_CONF = """\
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
        include {folder}/snippet;
    }}
    server {{
        listen 127.0.0.1:{plain};
        include {folder}/snippet;
    }}
    server {{
        listen 127.0.0.1:{bare};
        root {folder}/bare;
        brotli_static on;
        types {{ text/html html; }}
    }}
}}
"""
CADDYFILE = """\
{{
    admin off
    auto_https off
    log {{
        output file {folder}/error.log
    }}
}}
http://:{http} {{
    redir https://{{host}}:{https}{{uri}} 308
}}
https://:{https} {{
    tls {folder}/cert.pem {folder}/key.pem
    import {folder}/snippet
}}
http://:{plain} {{
    import {folder}/snippet
}}
http://:{bare} {{
    root * {folder}/bare
    file_server {{
        precompressed br
    }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A server's ports on 127.0.0.1, and the folder that holds its files.

    https: the site under TLS; http: its redirect to https; plain: the site without TLS; bare: the
    folder `bare/`. What a server does not have is 0.
    """

    folder: Path
    https: int = 0
    http: int = 0
    plain: int = 0
    bare: int = 0


def free_ports(count: int) -> list[int]:
    """Return ports on which nobody listens."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def listens(port: int) -> bool:
    """Say whether a server answers at a port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened, 30 seconds at most."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.05)


@contextmanager
def running(command: list[str | Path], port: int, log: Path, **env: str) -> Iterator[None]:
    """Run a server, and what it starts, until the block ends; wait 30 seconds for its port."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=log.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **env},
            start_new_session=True,
        )
        try:
            wait_until(lambda: listens(port) or process.poll() is not None)
            assert process.poll() is None and listens(port), log.read_text()
            yield
        finally:
            # wrangler's first process would leave those that it started behind.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            wait_until(lambda: not listens(port))
            assert not listens(port), f"Something still answers at port {port}."


def with_certificate(snippet: str, folder: Path) -> Server:
    """Write a site's snippet and a certificate into an empty folder; return free ports."""
    (folder / "snippet").write_text(snippet)
    (folder / "bare").mkdir()
    certificate = "req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -addext "
    certificate += "subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
    subprocess.run(["openssl", *certificate.split()], cwd=folder, check=True, capture_output=True)
    return Server(folder, *free_ports(4))


@contextmanager
def nginx(snippet: str, folder: Path) -> Iterator[Server]:
    """Run nginx with a site's snippet, its files in an empty folder; never reload it."""
    server = with_certificate(snippet, folder)
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX_CONF.format(module=MODULE, **vars(server)))
    command = [NGINX, "-p", folder, "-c", configuration, "-e", folder / "error.log"]
    with running(command, server.bare, folder / "log"):
        yield server


@contextmanager
def caddy(snippet: str, folder: Path) -> Iterator[Server]:
    """Run Caddy with a site's snippet, its files in an empty folder; never reload it."""
    server = with_certificate(snippet, folder)
    configuration = folder / "Caddyfile"
    configuration.write_text(CADDYFILE.format(**vars(server)))
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", configuration]
    with running(
        command, server.bare, folder / "log", XDG_DATA_HOME=str(folder), XDG_CONFIG_HOME=str(folder)
    ):
        yield server


SERVERS = {"nginx": nginx, "caddy": caddy}


@contextmanager
def wrangler(output: Path, folder: Path) -> Iterator[Server]:
    """Run Cloudflare Pages' own local server over a release; its words are in `folder`/log."""
    (port,) = free_ports(1)
    command = [
        TESTS / "node_modules/.bin/wrangler", "pages", "dev", output, "--ip", "127.0.0.1",
        "--port", str(port), "--compatibility-date", "2026-01-01",
        "--persist-to", folder / "state",
    ]  # fmt: skip
    with running(
        command,
        port,
        folder / "log",
        HOME=str(folder),
        CI="1",
        CLOUDFLARE_CF_FETCH_ENABLED="false",
        WRANGLER_SEND_METRICS="false",
        WRANGLER_LOG_PATH=str(folder / "logs"),
        FORCE_COLOR="0",
    ):
        yield replace(Server(folder), plain=port)


def wrangler_rules(server: Server) -> tuple[int, int]:
    """Return how many rules of `_headers` wrangler took, and how many lines it ignored."""
    words = (server.folder / "log").read_text(encoding="utf-8")
    valid = re.search(r"Parsed (\d+) valid header rule", words)
    invalid = re.search(r"Found (\d+) invalid header", words)
    return int(valid[1]) if valid else 0, int(invalid[1]) if invalid else 0


def netlify(headers_file: Path) -> dict[str, list[dict[str, object]]]:
    """Return what Netlify's own parser reads in a `_headers` file: `headers` and `errors`."""
    script = """
import { parseAllHeaders } from "@netlify/headers-parser";
const { headers, errors } = await parseAllHeaders({ headersFiles: [process.argv[1]], minimal: true });
console.log(JSON.stringify({ headers, errors: errors.map(String) }));
"""
    command = ["node", "--input-type=module", "-e", script, headers_file]
    run = subprocess.run(command, cwd=TESTS, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def observatory(server: Server) -> dict[str, object]:
    """Return the MDN HTTP Observatory's `score`, `grade` and `tests` for a server."""
    run = subprocess.run(
        ["node", "publish/observatory.mjs", str(server.http), str(server.https)],
        cwd=TESTS,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(server.folder / "cert.pem")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
