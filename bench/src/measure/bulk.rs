//! Set Failover Route for many DIDs at once, alone and while somebody else reads; and its undo, after later edits.

use std::time::{Duration, Instant};

use super::company::{self, while_reading};
use super::pages::MANAGE;
use crate::Outcome;
use crate::html::Form;
use crate::http::{Accept, Connection, form};
use crate::report::{Row, Times, figure, time};
use crate::seed::{PER_COUNTRY, SPARE, URLENCODED, ended};
use crate::server::Server;

const CHOOSE: &str = "/dids/manage/apply-action";
const SCREEN: &str = "/dids/manage/set-failover-route";
/// Times that each action is done, alone and in company.
const ROUNDS: usize = 3;

/// DIDs that the budget is for, and its time.
const MANY: u64 = 100_000;
const TIME_MAX: Duration = Duration::from_secs(2);

pub(super) fn rows(server: &Server, dids: u64) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    // The budget is for 100,000: of more DIDs, so many are in ten exchanges of one area code.
    let (many, some) = if dids >= 2 * PER_COUNTRY + MANY {
        (("q=%2B120622", MANY), "q=%2B1206220")
    } else {
        (("", dids), "country=44")
    };
    for (filter, count) in [("country=44", PER_COUNTRY), many] {
        rows.extend(action(server, filter, count)?);
    }
    rows.extend(undo(server, many, some)?);
    Ok(rows)
}

/// A mistake over all that match, edits of [`PER_COUNTRY`] of them after it, and its undo, which must leave these.
fn undo(server: &Server, (filter, count): (&str, u64), some: &str) -> Outcome<Vec<Row>> {
    let mut connection = server.connect()?;
    let (_, body) = ask(&mut connection, filter, SPARE[0])?;
    let (_, mistake) = apply(&mut connection, &body, count)?;
    let (_, body) = ask(&mut connection, some, SPARE[1])?;
    apply(&mut connection, &body, PER_COUNTRY)?;

    let address = format!("{mistake}/undo");
    let since = Instant::now();
    connection.get(&address, Accept::Brotli)?;
    let asked = since.elapsed();
    let (back, stay) = (count - PER_COUNTRY, PER_COUNTRY);
    let (took, reads) = while_reading(server, || -> Outcome<Duration> {
        let since = Instant::now();
        let first = connection.post(&address, URLENCODED, b"reason=the+wrong+route")?;
        let answer = ended(&mut connection, &address, first)?;
        let took = since.elapsed();
        let result = connection.get(answer.redirect(&address)?, Accept::Plain)?;
        let told = result.text()?;
        match [back, stay].iter().all(|n| told.contains(&figure(*n))) {
            true => Ok(took),
            false => Err(format!("the undo does not say that {back} went back and {stay} stayed").into()),
        }
    })?;
    let what = |part: &str| {
        format!("undo of {} DIDs of which {} were edited since, {part}", figure(count), figure(stay))
    };
    Ok(vec![
        Row::new(what("the screen that says what goes back"), time(asked), ""),
        Row::new(
            what("done while somebody reads"),
            time(took),
            format!("{} went back, {} stayed", figure(back), figure(stay)),
        ),
        company::row(what("Manage meanwhile"), &Times::new(reads)),
    ])
}

/// The action on all DIDs that match the filter, several times.
fn action(server: &Server, filter: &str, count: u64) -> Outcome<Vec<Row>> {
    let mut connection = server.connect()?;
    let (mut screens, mut alone, mut in_company, mut reads) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // Between two routes, so that each time every DID changes.
    for round in 0..2 * ROUNDS {
        let (asked, body) = ask(&mut connection, filter, SPARE[round % 2])?;
        screens.push(asked);
        if round < ROUNDS {
            alone.push(apply(&mut connection, &body, count)?.0);
        } else {
            let ((took, _), read) = while_reading(server, || apply(&mut connection, &body, count))?;
            in_company.push(took);
            reads.extend(read);
        }
    }
    let (screens, alone, in_company) = (Times::new(screens), Times::new(alone), Times::new(in_company));
    let what = |part: &str| format!("Set Failover Route for {} DIDs, {part}", figure(count));
    let rate = |times: &Times| figure((count as f64 / times.median().as_secs_f64()) as u64);
    let reads = Times::new(reads);
    Ok(vec![
        Row::new(what("the screen that says what changes"), time(screens.median()), ""),
        Row::new(
            what("applied, durable, audited"),
            time(alone.median()),
            format!("median of {ROUNDS}, slowest {}; {} DIDs a second", time(alone.max()), rate(&alone)),
        )
        .within("≤ 2 s (100,000 DIDs)", alone.median() <= TIME_MAX),
        Row::new(
            what("applied while somebody reads"),
            time(in_company.median()),
            format!("median of {ROUNDS}, slowest {}", time(in_company.max())),
        )
        .within("≤ 2 s (100,000 DIDs)", in_company.median() <= TIME_MAX),
        company::row(what("Manage meanwhile"), &reads),
    ])
}

/// Goes from the list to the action's screen and chooses the route there. Returns how long the screen took that says
/// what changes, and what its button sends.
fn ask(connection: &mut Connection, filter: &str, route: &str) -> Outcome<(Duration, String)> {
    let list = connection.get(&format!("{MANAGE}?{filter}"), Accept::Plain)?;
    let mut chosen = Form::of(list.text()?, "post", CHOOSE)?.hidden;
    chosen.push(("all".into(), "matching".into()));
    chosen.push(("action".into(), "set-failover-route".into()));
    let kept = connection.post(CHOOSE, URLENCODED, form(&chosen).as_bytes())?;
    let screen = connection.get(kept.redirect(CHOOSE)?, Accept::Plain)?;
    let chosen = Form::of(screen.text()?, "post", SCREEN)?.choosing(route)?;

    let since = Instant::now();
    let screen = connection.get(&format!("{SCREEN}?{}", form(&chosen)), Accept::Brotli);
    let took = since.elapsed();
    screen?;
    Ok((took, form(&chosen)))
}

/// Presses the button; the time is until the answer that it is done, of the form or of the page of its job. Then the
/// result's page must say so; its address comes with it.
fn apply(connection: &mut Connection, body: &str, count: u64) -> Outcome<(Duration, String)> {
    let since = Instant::now();
    let first = connection.post(SCREEN, URLENCODED, body.as_bytes())?;
    let answer = ended(connection, SCREEN, first)?;
    let took = since.elapsed();
    let address = answer.redirect(SCREEN)?.to_owned();
    let result = connection.get(&address, Accept::Plain)?;
    if result.text()?.contains(&figure(count)) {
        Ok((took, address))
    } else {
        Err(format!("the result's page does not say that {} DIDs were changed", figure(count)).into())
    }
}
