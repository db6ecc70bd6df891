"""A server, an agent, a Docker engine with a Redis in it, and a PostgreSQL beside it: all real, all thrown away at the end."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait(what, seconds, look, pause=0.1):
    """What `look` finds, as soon as it is something."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause)


def is_open(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Playground:
    def __init__(self, binaries):
        self.binaries = binaries
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.folder.chmod(0o755)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.docker_socket = self.folder / "docker.sock"
        self.processes = {}
        self.key = ""

    def start(self, name, arguments, environment=None, **options):
        log = open(self.folder / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(
            [str(part) for part in arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            env=dict(os.environ, **(environment or {})), **options)
        return self.processes[name]

    def stop(self, name, number=signal.SIGTERM):
        process = self.processes.pop(name, None)
        if process and process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def close(self):
        if "dockerd" in self.processes:
            self.docker("rm", "--force", "redis", check=False)
        for name in ["agent", "server", "lock", "postgres", "dockerd"]:
            self.stop(name, signal.SIGINT if name == "postgres" else signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    # The databases

    def start_docker(self):
        self.start("dockerd", [
            "/usr/sbin/dockerd", "--host", f"unix://{self.docker_socket}", "--data-root", self.folder / "docker",
            "--exec-root", self.folder / "exec", "--pidfile", self.folder / "pid", "--storage-driver=vfs", "--bridge=none",
            "--iptables=false", "--ip6tables=false", "--ip-masq=false"])
        wait("the engine answers", 60, lambda: self.docker("info", check=False).returncode == 0, 0.5)
        # Its programs are this machine's.
        root = self.folder / "root"
        for name in ["usr", "etc", "proc", "sys", "dev", "run", "data", "tmp", "var"]:
            (root / name).mkdir(parents=True)
        for name in ["data", "tmp"]:
            (root / name).chmod(0o1777)
        for name in ["bin", "sbin", "lib", "lib64"]:
            (root / name).symlink_to(f"usr/{name}")
        for name in ["passwd", "group"]:
            shutil.copy(f"/etc/{name}", root / "etc")
        archive = subprocess.run(["tar", "-C", root, "-c", "."], check=True, stdout=subprocess.PIPE).stdout
        self.docker("import", "-", "redis:7", input=archive)
        self.docker("run", "--detach", "--name", "redis", "--network", "none", "--volume", "/usr:/usr:ro", "--volume",
                    "/etc:/etc:ro", "--expose", "6379", "redis:7", "redis-server", "--save", "", "--dir", "/data")
        wait("Redis answers", 30, lambda: self.docker("exec", "redis", "redis-cli", "set", "greeting", "hello", check=False).returncode == 0, 0.5)

    def docker(self, *arguments, check=True, input=None):
        return subprocess.run(["docker", "--host", f"unix://{self.docker_socket}", *arguments], check=check, input=input,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def start_postgres(self):
        self.postgres_port = free_port()
        place = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        data = self.folder / "postgres"
        data.mkdir()
        user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if user:
            shutil.chown(data, "postgres")
        word = self.folder / "word"
        word.write_text("a password")
        word.chmod(0o644)
        subprocess.run([*user, place / "initdb", "-D", data / "db", "-U", "shop", f"--pwfile={word}", "--auth=scram-sha-256",
                        "--encoding=UTF8", "--no-locale", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=data)
        self.start("postgres", [*user, place / "postgres", "-D", data / "db", "-p", self.postgres_port, "-c", "fsync=off",
                                "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}"], cwd=data)
        wait("PostgreSQL listens", 30, lambda: is_open(self.postgres_port))
        wait("it answers", 30, lambda: self.sql("SELECT 1", "postgres", check=False) == "1", 0.3)
        self.sql("CREATE DATABASE shop", "postgres")
        self.sql("CREATE TABLE orders AS SELECT i AS id, md5(i::text) AS note FROM generate_series(1, 60000) AS i", "shop")

    def sql(self, text, database, check=True):
        done = subprocess.run(
            ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.postgres_port), "-U", "shop", "-d", database, "-c", text],
            env=dict(os.environ, PGPASSWORD="a password"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if check and done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout.strip()

    def hold(self):
        """Whoever dumps the database waits now."""
        self.start("lock", ["psql", "-Xq", "-h", "127.0.0.1", "-p", self.postgres_port, "-U", "shop", "-d", "shop", "-c",
                            "BEGIN; LOCK orders IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)"], {"PGPASSWORD": "a password"})
        wait("the lock is held", 20, lambda: self.sql("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted", "shop"))

    def release(self):
        self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "shop")

    # The product

    def start_server(self):
        self.start("server", [self.binaries / "backupy-server", "--listen", f"127.0.0.1:{self.port}", "--data-dir", self.folder / "data",
                              "--public-url", self.url, "--log-level", "notice"],
                   {"BACKUPY_REQUESTS_PER_MINUTE": "100000", "BACKUPY_LOGINS_PER_MINUTE": "1000"})
        wait("the server listens", 30, lambda: is_open(self.port))

    def setup_link(self):
        return wait("the link is printed", 20, lambda: re.search(r"http://\S+/setup#\S+", self.log("server"))).group(0)

    def start_agent(self):
        self.start("agent", [self.binaries / "agent", "run"], {
            "BACKUPY_SERVER_URL": self.url, "BACKUPY_AGENT_KEY": self.key, "BACKUPY_DEV_ALLOW_INSECURE": "true",
            "BACKUPY_STATE_DIR": str(self.folder / "state"), "BACKUPY_METRICS_LISTEN_ADDR": "",
            "BACKUPY_DOCKER_SOCKET": str(self.docker_socket), "no_proxy": "*"})
