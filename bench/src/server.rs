//! The server under measure: its process, and what the system says of it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::http::{Accept, Connection, Jar};

/// Ticks of `/proc/PID/stat` in a second: Linux shows 100 to programs, whatever the kernel runs at.
const TICKS_HZ: u64 = 100;
/// A server that is not there after this long will not come.
const START_MAX: Duration = Duration::from_secs(120);

/// What to start.
#[derive(Clone, Copy)]
pub(crate) struct Start<'a> {
    pub(crate) binary: &'a Path,
    /// Its working directory: no settings file is there.
    pub(crate) folder: &'a Path,
    pub(crate) database: &'a str,
    /// What the browser keeps that asks it.
    pub(crate) jar: &'a Jar,
}

/// A running server; it is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    jar: Jar,
    /// From starting the process to the first answer.
    pub(crate) started_in: Duration,
}

impl Server {
    /// Starts it on a free port and waits for its first answer.
    pub(crate) fn start(start: Start<'_>) -> Outcome<Server> {
        let since = Instant::now();
        let mut child = Command::new(start.binary)
            .args(["serve", "--listen", "127.0.0.1:0"])
            // Not an argument: a database's password is in it, and arguments can be seen by everybody.
            .env("SWITCHBACK_DATABASE", start.database)
            .env("SWITCHBACK_LOG", "warn")
            .env_remove("SWITCHBACK_CONFIG")
            .current_dir(start.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", start.binary.display()))?;
        let output = child.stdout.take().ok_or("the server has no standard output")?;
        let (says, hears) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(address) = address_in(&line) {
                    // Nobody hears once the address is known.
                    let _ = says.send(address);
                }
            }
        });
        let address = hears.recv_timeout(START_MAX);
        let mut server = Server {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            jar: start.jar.clone(),
            started_in: Duration::ZERO,
        };
        server.address =
            address.map_err(|_| "the server did not print its address; its reason stands above")?;
        server.connect()?.get("/health", Accept::Plain)?;
        server.started_in = since.elapsed();
        Ok(server)
    }

    pub(crate) fn connect(&self) -> Outcome<Connection> {
        Connection::open(self.address, self.jar.clone())
    }

    /// Processor time so far, user's and system's; to 10 ms. `None` where the system does not say.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        ticks_in(&stat).map(|ticks| Duration::from_millis(ticks * 1_000 / TICKS_HZ))
    }

    /// A line of `/proc/PID/status` in bytes: `VmRSS` is memory now, `VmHWM` its peak.
    pub(crate) fn memory(&self, name: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        kilobytes_in(&status, name)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended by itself cannot be killed; waiting for it is right in both cases.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    line.split("http://").nth(1)?.split([' ', '/']).next()?.parse().ok()
}

/// The fields after the name, which stands in parentheses and may hold spaces: user time is the 12th, system time
/// the 13th (proc_pid_stat(5)).
fn ticks_in(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

/// A line such as `VmHWM:  1024 kB`, in bytes.
pub(crate) fn kilobytes_in(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_what_the_server_prints() {
        let expected = Some(SocketAddr::from(([127, 0, 0, 1], 4321)));
        assert_eq!(address_in("Switchback is at http://127.0.0.1:4321 (database: SQLite)"), expected);
        assert_eq!(address_in("http://127.0.0.1:4321/"), expected);
        assert_eq!(address_in("starting"), None);
    }

    #[test]
    fn processor_time_and_memory_are_read_from_the_systems_lines() {
        let stat = "42 (a (b) c) S 1 1 1 0 -1 4194560 10 0 0 0 250 30 0 0 20 0 4 0 100";
        assert_eq!(ticks_in(stat), Some(280));
        assert_eq!(kilobytes_in("VmPeak:\t 9 kB\nVmHWM:\t  1024 kB\n", "VmHWM"), Some(1_048_576));
        assert_eq!(kilobytes_in("VmPeak:\t 9 kB\n", "VmHWM"), None);
    }
}
