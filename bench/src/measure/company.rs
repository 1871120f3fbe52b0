//! Others who read while somebody does something large.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::pages::MANAGE;
use crate::Outcome;
use crate::http::Accept;
use crate::report::{Row, Times, figure, time};
use crate::server::Server;

/// Between two requests of the reader: a busy office, and not an attack on the second core.
const PAUSE: Duration = Duration::from_millis(2);
const READER_P99_MAX: Duration = Duration::from_millis(20);

/// How long they waited.
pub(super) fn row(what: String, reads: &Times) -> Row {
    let beside = format!("{} requests, slowest {}", figure(reads.count() as u64), time(reads.max()));
    Row::new(what, reads.summary(), beside).within("p99 ≤ 20 ms", reads.quantile(0.99) <= READER_P99_MAX)
}

/// Does the work while another connection reads Manage your DIDs, and returns the times of the reads that met it.
pub(super) fn while_reading<T>(
    server: &Server,
    work: impl FnOnce() -> Outcome<T>,
) -> Outcome<(T, Vec<Duration>)> {
    let mut connection = server.connect()?;
    connection.get(MANAGE, Accept::Brotli)?;
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| -> Outcome<Vec<(Instant, Duration)>> {
            let mut reads = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let asked = Instant::now();
                connection.get(MANAGE, Accept::Brotli)?;
                reads.push((asked, asked.elapsed()));
                thread::sleep(PAUSE);
            }
            Ok(reads)
        });
        let begun = Instant::now();
        let done = work();
        let ended = Instant::now();
        // Before anything can fail: the reader waits for it.
        over.store(true, Ordering::Relaxed);
        let mut reads = reader.join().map_err(|_| "the reading thread panicked")??;
        reads.retain(|(asked, took)| *asked + *took >= begun && *asked <= ended);
        Ok((done?, reads.into_iter().map(|(_, took)| took).collect()))
    })
}
