//! Fills an empty database through the pages: an account, a dozen routes, and the DIDs as one CSV file.

use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::html::Form;
use crate::http::{Accept, Answer, Connection, form};

/// The DIDs of one country: a filter that matches exactly so many.
pub(crate) const PER_COUNTRY: u64 = 10_000;
/// Enough for each kind of DID below.
pub(crate) const DIDS_MIN: u64 = 3 * PER_COUNTRY;
/// Routes that no seeded DID uses: setting one of them as the failover changes every DID.
pub(crate) const SPARE: [&str; 2] = ["spare-east", "spare-west"];

/// Between two looks at a job that runs: its end is missed by this much at most.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Where the routes below ring, but for home.
const COUNTRIES: [&str; 2] = ["+81", "+33"];
/// Alias, type, value. The first eight are where the DIDs ring.
const ROUTES: [(&str, &str, &str); 12] = [
    ("seattle-pbx", "host", "pbx.seattle.example.com"),
    ("boston-pbx", "host", "pbx.boston.example.com:5061;transport=tls"),
    ("london-pbx", "host", "pbx.london.example.net:5080"),
    ("berlin-pbx", "host", "pbx.berlin.example.org"),
    ("sales-queue", "uri", "sip:sales@queue.example.com"),
    ("support-queue", "uri", "sips:support@queue.example.com"),
    ("mobile", "phone", "+81312345678"),
    ("answering-service", "phone", "+33145678901"),
    ("dr-east", "host", "192.0.2.10:5060"),
    ("dr-west", "host", "198.51.100.10:5060"),
    (SPARE[0], "host", "spare-east.example.net"),
    (SPARE[1], "host", "spare-west.example.net"),
];
const DEPARTMENTS: [&str; 8] =
    ["Front desk", "Sales", "Support", "Warehouse", "Billing", "Lobby", "Dispatch", "Night line"];

/// How long the parts of the import took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Imported {
    /// The upload, until the dry run's address came back.
    pub(crate) uploaded: Duration,
    /// The dry run's page.
    pub(crate) reviewed: Duration,
    /// From the confirmation until it was durable.
    pub(crate) applied: Duration,
    /// The size of the file.
    pub(crate) bytes: u64,
}

/// Who makes the first visit, and signs in.
pub(crate) const EMAIL: &str = "bench@example.com";
pub(crate) const PASSWORD: &str = "lattice mango ferry 9";

pub(crate) const URLENCODED: &str = "application/x-www-form-urlencoded";
const BOUNDARY: &str = "switchback-bench-boundary";

/// Makes an account with routes in the database behind the server, which must be empty.
pub(crate) fn account(to: &mut Connection) -> Outcome {
    let welcome =
        to.get("/welcome", Accept::Plain).map_err(|error| format!("{error}: the database is not empty"))?;
    Form::of(welcome.text()?, "post", "/welcome/create")?;
    let account = form(&[
        ("name", "Benchmark"),
        ("country", "US"),
        ("person", "Bench"),
        ("email", EMAIL),
        ("password", PASSWORD),
    ]);
    to.post("/welcome/create", URLENCODED, account.as_bytes())?.redirect("/welcome/create")?;
    for country in COUNTRIES {
        let path = "/settings/countries";
        to.post(path, URLENCODED, form(&[("country", country)]).as_bytes())?.redirect(path)?;
    }
    for (alias, kind, value) in ROUTES {
        let path = "/interconnection/inbound-routes";
        let route = form(&[("alias", alias), ("kind", kind), ("value", value)]);
        to.post(path, URLENCODED, route.as_bytes())?.redirect(path)?;
    }
    Ok(())
}

/// Brings in the DIDs.
pub(crate) fn import(to: &mut Connection, dids: u64) -> Outcome<Imported> {
    if dids < DIDS_MIN {
        return Err(format!("at least {DIDS_MIN} DIDs are needed").into());
    }
    let csv = csv(0..dids);
    let body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"dids.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{csv}\r\n--{BOUNDARY}--\r\n"
    );
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");

    let since = Instant::now();
    let answer = to.post("/dids/import", &kind, body.as_bytes())?;
    let draft = answer.redirect("/dids/import")?.to_owned();
    let uploaded = since.elapsed();

    let since = Instant::now();
    let review = to.get(&draft, Accept::Plain)?;
    let reviewed = since.elapsed();

    let confirm = form(&Form::of(review.text()?, "post", &draft)?.hidden);
    let since = Instant::now();
    let first = to.post(&draft, URLENCODED, confirm.as_bytes())?;
    let answer = ended(to, &draft, first)?;
    let result = answer.redirect(&draft)?;
    if !result.starts_with("/activity/") {
        return Err(format!("the import led to {result}").into());
    }
    Ok(Imported { uploaded, reviewed, applied: since.elapsed(), bytes: csv.len() as u64 })
}

/// Follows a job to its end; an answer that came at once is the end.
pub(crate) fn ended(to: &mut Connection, address: &str, first: Answer) -> Outcome<Answer> {
    let job = first.redirect(address)?.to_owned();
    let mut answer = first;
    while job.starts_with("/jobs/") {
        answer = to.look(&job, Accept::Plain)?;
        if answer.status != 200 || !answer.text()?.contains("data-follow") {
            break;
        }
        thread::sleep(LOOK_AGAIN);
    }
    Ok(answer)
}

fn csv(rows: std::ops::Range<u64>) -> String {
    let mut text = "number,alias,primary,failover\n".to_owned();
    for index in rows {
        let department = DEPARTMENTS[(index % DEPARTMENTS.len() as u64) as usize];
        // One in ten has no alias, three in ten no failover.
        let alias = if index % 10 == 9 { String::new() } else { format!("{department} {index:06}") };
        let (primary, failover) = (index % 8, (index + 1) % 8);
        let failover = if index % 10 < 3 { "" } else { ROUTES[failover as usize].0 };
        text.push_str(&format!("{},{alias},{},{failover}\n", number(index), ROUTES[primary as usize].0));
    }
    text
}

/// The first [`PER_COUNTRY`] are British, the next German, all others North American.
pub(crate) fn number(index: u64) -> String {
    let local = index % PER_COUNTRY;
    match index / PER_COUNTRY {
        0 => format!("+442079{:06}", 460_000 + local),
        1 => format!("+49309{:06}", 10_000 + local),
        // Eighty exchanges of ten thousand numbers in each area code: none of them is a service code.
        block => {
            let block = block - 2;
            let area = [206, 312, 415, 617, 702, 713, 808, 917][(block / 80 % 8) as usize];
            format!("+1{area}{}{local:04}", 220 + block % 80)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use routing::{Alias, Dialling, E164, RouteKind, RouteTarget};

    use super::*;

    #[test]
    fn a_million_numbers_differ_and_filters_match_round_counts() {
        let numbers: HashSet<E164> =
            (0..1_000_000).map(|index| E164::parse(&number(index)).unwrap()).collect();
        assert_eq!(numbers.len(), 1_000_000);
        let beginning =
            |digits: &str| numbers.iter().filter(|number| number.digits().starts_with(digits)).count();
        assert_eq!((beginning("44"), beginning("49"), beginning("120622")), (10_000, 10_000, 100_000));
    }

    #[test]
    fn every_route_is_one_that_the_core_takes() {
        let dialling = Dialling::of("US").unwrap();
        for (alias, kind, value) in ROUTES {
            let kind = match kind {
                "host" => RouteKind::Host,
                "phone" => RouteKind::Phone,
                _ => RouteKind::Uri,
            };
            assert!(
                Alias::parse(alias).is_ok() && RouteTarget::parse(kind, value, &dialling).is_ok(),
                "{value}"
            );
        }
    }

    #[test]
    fn a_row_names_its_routes_and_spare_ones_are_not_among_them() {
        let text = csv(0..20_000);
        assert_eq!(text.lines().count(), 20_001);
        assert!(
            text.contains("\n+442079460003,Warehouse 000003,berlin-pbx,sales-queue\n"),
            "{}",
            &text[..300]
        );
        assert!(SPARE.iter().all(|spare| !text.contains(spare)));
    }
}
