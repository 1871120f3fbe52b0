//! A throw-away PostgreSQL server. `SWITCHBACK_TEST_POSTGRES` names another one to use instead, as
//! `postgres://user@host/database`, by a user who may create databases.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

const INSTALL: &str = "no PostgreSQL server is installed; run: apt-get install --yes postgresql";

static SERVER: OnceLock<Server> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database of its own for one test.
pub(crate) struct Database {
    pub(crate) url: String,
    admin_url: String,
    name: String,
}

impl Database {
    pub(crate) async fn create() -> Database {
        let admin_url = match std::env::var("SWITCHBACK_TEST_POSTGRES") {
            Ok(url) => url,
            Err(_) => SERVER.get_or_init(Server::start).url.clone(),
        };
        let count = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("switchback_test_{}_{count}", std::process::id());
        let (server, parameters) = admin_url.split_once('?').unwrap_or((&admin_url, ""));
        let (server, _) = server.rsplit_once('/').expect("the URL names a database");
        let url = format!("{server}/{name}?{parameters}");
        run(&admin_url, &format!("create database {name}")).await;
        Database { url, admin_url, name }
    }

    pub(crate) async fn remove(self) {
        run(&self.admin_url, &format!("drop database {} with (force)", self.name)).await;
    }
}

async fn run(url: &str, statement: &str) {
    let mut conn = PgConnection::connect(url).await.expect("the PostgreSQL server answers");
    conn.execute(sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))).await.expect(statement);
    conn.close().await.expect("the connection closes");
}

struct Server {
    url: String,
    /// Its standard input stays open for as long as this process lives; see [`Server::start`].
    _guard: Child,
}

impl Server {
    fn start() -> Server {
        let programs = programs();
        let folder = tempfile::tempdir().expect("a temporary folder").keep();
        let root = fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0);
        if root {
            // PostgreSQL refuses to run as root.
            succeed(Command::new("chown").arg("postgres:").arg(&folder));
        }
        let data = folder.join("data");
        succeed(
            unprivileged(&programs.join("initdb"), root)
                .arg("-D")
                .arg(&data)
                .args(["-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"])
                .current_dir(&folder),
        );
        let port = free_port();
        let options = format!(
            "-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={} -c fsync=off",
            folder.display()
        );
        succeed(
            unprivileged(&programs.join("pg_ctl"), root)
                .arg("-D")
                .arg(&data)
                .arg("-w")
                .arg("-l")
                .arg(folder.join("log"))
                .arg("-o")
                .arg(options)
                .arg("start")
                .current_dir(&folder),
        );
        // Nothing runs at the end of a test process, least of all when it is killed. So a shell waits until
        // the pipe from this process closes, then stops the server and removes its files.
        let guard = unprivileged(Path::new("/bin/sh"), root)
            .arg("-c")
            .arg("cat >/dev/null; \"$1\" -D \"$2/data\" -m immediate stop; rm -rf \"$2\"")
            .arg("sh")
            .arg(programs.join("pg_ctl"))
            .arg(&folder)
            .current_dir("/")
            // Out of reach of the signals that end the tests.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        Server { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), _guard: guard }
    }
}

/// Where Debian, or else the search path, keeps the server's programs; the newest version.
fn programs() -> PathBuf {
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian
        .filter(|folder| folder.join("bin/initdb").exists())
        .max_by_key(version)
        .map(|folder| folder.join("bin"))
        .or_else(|| std::env::split_paths(&path).find(|folder| folder.join("initdb").exists()))
        .expect(INSTALL)
}

fn unprivileged(program: &Path, root: bool) -> Command {
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
    command
}

fn succeed(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    assert!(status.as_ref().is_ok_and(|status| status.success()), "{command:?}: {status:?}");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound").port()
}
