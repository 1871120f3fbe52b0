//! The pages that people read, one request after the other on a kept connection, as a browser asks for them.

use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::html::tags;
use crate::http::{Accept, Connection, form};
use crate::report::{Row, Times, bytes, figure, time};
use crate::seed::{EMAIL, PASSWORD, PER_COUNTRY, URLENCODED, number};
use crate::server::Server;

/// Manage your DIDs.
pub(super) const MANAGE: &str = "/dids/manage";
/// A page of 50.
const P99_MAX: Duration = Duration::from_millis(5);
/// A thousand requests a second on one core leave each a millisecond of it.
const CPU_MAX: Duration = Duration::from_millis(1);

/// Requests for the page that is opened most, and for each of the others.
const MANY: usize = 2_000;
const SOME: usize = 300;
/// Requests that are not counted: caches fill.
const WARM_UP: usize = 20;
/// A slow page is asked for less often.
const TIME_MAX: Duration = Duration::from_secs(20);
/// Connections that ask at once, to see what the server can do at most.
const CLIENTS: usize = 4;
/// Pages that are turned, 200 DIDs each, to come to a place deep in the list.
const PAGES_DEEP: usize = 250;
const DOWNLOADS: usize = 3;
const SIGN_INS: usize = 50;

pub(super) fn rows(server: &Server, dids: u64) -> Outcome<Vec<Row>> {
    let mut connection = server.connect()?;
    let deep = deep_place(&mut connection)?;
    let first = Page::measure(server, MANAGE, MANY)?;
    let mut rows = vec![
        first
            .row("Manage, first page of 50")
            .within("p99 ≤ 5 ms (1,000,000 DIDs)", first.times.quantile(0.99) <= P99_MAX),
    ];
    rows.extend(first.cpu_row());
    rows.push(at_once(server)?);

    let lists = [
        ("Manage, a page of 50 deep in the list", deep),
        ("Manage, sorted by alias", format!("{MANAGE}?sort=alias")),
        ("Manage, sorted by last change, newest first", format!("{MANAGE}?sort=changed&dir=desc")),
        ("Manage, no failover", format!("{MANAGE}?failover=none")),
        ("Manage, one country", format!("{MANAGE}?country=44")),
        ("Manage, search for 7 digits", format!("{MANAGE}?q=946+0420")),
        ("Manage, search for 3 digits (many match)", format!("{MANAGE}?q=420")),
        ("Manage, search for an alias", format!("{MANAGE}?q=lobby+000")),
        ("Manage, search for part of many aliases", format!("{MANAGE}?q=desk")),
        ("Manage, search that nothing matches", format!("{MANAGE}?q=zeppelin")),
    ];
    for (what, path) in lists {
        let page = Page::measure(server, &path, SOME)?;
        let ratio = page.times.median().as_secs_f64() / first.times.median().as_secs_f64();
        let mut row = page.row(what);
        row.beside = format!("{ratio:.1} × the first page; {}", row.beside);
        rows.push(row.within("p99 ≤ 5 ms (1,000,000 DIDs)", page.times.quantile(0.99) <= P99_MAX));
    }
    let others = [
        ("a DID's page", format!("/dids/{}", number(PER_COUNTRY / 2).trim_start_matches('+'))),
        ("overview", "/".to_owned()),
        ("Inbound Routes", "/interconnection/inbound-routes".to_owned()),
    ];
    for (what, path) in others {
        rows.push(Page::measure(server, &path, SOME)?.row(what));
    }
    rows.push(sign_in(server)?);
    rows.push(download(&mut connection, dids)?);
    Ok(rows)
}

/// Signing in: mostly the hash of the password, which is slow by intent.
fn sign_in(server: &Server) -> Outcome<Row> {
    let mut connection = server.connect()?;
    let fields = form(&[("email", EMAIL), ("password", PASSWORD), ("next", "/")]);
    let mut times = Vec::with_capacity(SIGN_INS);
    for _ in 0..SIGN_INS {
        let asked = Instant::now();
        connection.post("/sign-in", URLENCODED, fields.as_bytes())?.redirect("/sign-in")?;
        times.push(asked.elapsed());
    }
    let times = Times::new(times);
    let beside = "argon2id, 19 MiB, two passes; a new session on disk".to_owned();
    Ok(Row::new("sign-in", times.summary(), beside))
}

/// Times of one page, and what it costs.
struct Page {
    times: Times,
    /// Of the server, for one request.
    cpu: Option<Duration>,
    wire: u64,
}

impl Page {
    fn measure(server: &Server, path: &str, requests: usize) -> Outcome<Page> {
        let mut connection = server.connect()?;
        let mut wire = 0;
        for _ in 0..WARM_UP {
            wire = connection.get(path, Accept::Brotli)?.wire;
        }
        let (since, before) = (Instant::now(), server.cpu());
        let mut times = Vec::with_capacity(requests);
        while times.len() < requests && since.elapsed() < TIME_MAX {
            let asked = Instant::now();
            connection.get(path, Accept::Brotli)?;
            times.push(asked.elapsed());
        }
        let used = before.zip(server.cpu()).map(|(before, after)| after.saturating_sub(before));
        let cpu = used.map(|used| used.div_f64(times.len() as f64));
        Ok(Page { times: Times::new(times), cpu, wire })
    }

    fn row(&self, what: &str) -> Row {
        let cpu = self.cpu.map(|cpu| format!("{} of processor, ", time(cpu))).unwrap_or_default();
        let beside =
            format!("{} requests: each {cpu}{}", figure(self.times.count() as u64), bytes(self.wire));
        Row::new(what, self.times.summary(), beside)
    }

    fn cpu_row(&self) -> Option<Row> {
        let cpu = self.cpu?;
        let rate = (1.0 / cpu.as_secs_f64().max(1e-6)) as u64;
        let row = Row::new(
            "Manage, processor time of a request",
            time(cpu),
            format!("{} requests a second on one core", figure(rate)),
        );
        Some(row.within("≤ 1 ms (1,000 a second on one core)", cpu <= CPU_MAX))
    }
}

/// The first page of Manage, asked for over several connections at once.
fn at_once(server: &Server) -> Outcome<Row> {
    let since = Instant::now();
    let each = |mut connection: Connection| -> Outcome<Vec<Duration>> {
        let mut times = Vec::new();
        while times.len() < MANY / CLIENTS && since.elapsed() < TIME_MAX {
            let asked = Instant::now();
            connection.get(MANAGE, Accept::Brotli)?;
            times.push(asked.elapsed());
        }
        Ok(times)
    };
    let connections = (0..CLIENTS).map(|_| server.connect()).collect::<Outcome<Vec<_>>>()?;
    let times = thread::scope(|scope| -> Outcome<Vec<Duration>> {
        let clients: Vec<_> = connections.into_iter().map(|one| scope.spawn(|| each(one))).collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.join().map_err(|_| "a measuring thread panicked")??);
        }
        Ok(times)
    })?;
    let rate = times.len() as f64 / since.elapsed().as_secs_f64();
    let times = Times::new(times);
    let beside = format!("{}; the clients have a share of the same cores", times.summary());
    Ok(Row::new(
        format!("Manage, {CLIENTS} connections at once"),
        format!("{} requests a second", figure(rate as u64)),
        beside,
    ))
}

/// Turns pages as a person would, for want of another way into the list: a place in it is the server's own secret.
fn deep_place(connection: &mut Connection) -> Outcome<String> {
    let mut path = format!("{MANAGE}?per=200");
    for _ in 0..PAGES_DEEP {
        let page = connection.get(&path, Accept::Plain)?;
        let next = tags(page.text()?)
            .find(|tag| tag.is("a") && tag.attribute("rel").as_deref() == Some("next"))
            .and_then(|tag| tag.attribute("href"));
        match next {
            Some(next) => path = next,
            None => break,
        }
    }
    if path.contains("per=200&") {
        Ok(path.replace("per=200&", ""))
    } else {
        Err(format!("{path} is no place in the list").into())
    }
}

fn download(connection: &mut Connection, dids: u64) -> Outcome<Row> {
    let mut times = Vec::new();
    let mut wire = 0;
    for _ in 0..DOWNLOADS {
        let asked = Instant::now();
        wire = connection.get("/dids/download.csv", Accept::Brotli)?.wire;
        times.push(asked.elapsed());
    }
    let plain = connection.get("/dids/download.csv", Accept::Plain)?;
    let lines = plain.body.iter().filter(|byte| **byte == b'\n').count() as u64;
    if lines != dids + 1 {
        return Err(
            format!("the CSV has {lines} lines, not one for each of {dids} DIDs and its header").into()
        );
    }
    let times = Times::new(times);
    let each = times.median().as_secs_f64() / dids as f64;
    let beside = format!(
        "{} over the wire, {} of CSV; {} a DID",
        bytes(wire),
        bytes(plain.body.len() as u64),
        time(Duration::from_secs_f64(each))
    );
    Ok(Row::new(format!("CSV of all {} DIDs", figure(dids)), time(times.median()), beside))
}
