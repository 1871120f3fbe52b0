//! Everything that is measured of one database.

mod bulk;
mod company;
mod first_load;
mod pages;

use crate::Outcome;
use crate::measure::company::while_reading;
use crate::report::{Row, Times, bytes, figure, time};
use crate::seed::{self, Imported};
use crate::server::{Server, Start};

/// Seeds the database and measures a server on it.
pub(crate) fn all(start: &Start<'_>, dids: u64) -> Outcome<Vec<Row>> {
    let server = Server::start(*start)?;
    let mut connection = server.connect()?;
    seed::account(&mut connection)?;
    eprintln!("import");
    let (imported, reads) = while_reading(&server, || seed::import(&mut connection, dids))?;
    let mut rows = import_rows(imported, dids, &Times::new(reads), server.memory("VmHWM"));
    // Killed, not asked to stop: the start that follows has the most to do.
    drop(server);

    let server = Server::start(*start)?;
    rows.push(start_row(&server));
    eprintln!("first load");
    rows.extend(first_load::rows(&server)?);
    eprintln!("pages");
    rows.extend(pages::rows(&server, dids)?);
    eprintln!("bulk actions");
    rows.extend(bulk::rows(&server, dids)?);
    let peak = server.memory("VmHWM");
    rows.push(memory_row(
        "peak memory of the server".into(),
        peak,
        "resident, after all of the above but the import",
    ));
    Ok(rows)
}

fn import_rows(took: Imported, dids: u64, reads: &Times, peak: Option<u64>) -> Vec<Row> {
    let whole = took.uploaded + took.reviewed + took.applied;
    let per_second = (dids as f64 / whole.as_secs_f64()) as u64;
    let beside = format!(
        "{} of CSV; upload {}, dry run {}, apply {}; {} DIDs a second",
        bytes(took.bytes),
        time(took.uploaded),
        time(took.reviewed),
        time(took.applied),
        figure(per_second),
    );
    let what = format!("import of {} DIDs", figure(dids));
    vec![
        Row::new(what.clone(), time(whole), beside),
        company::row(format!("{what}, Manage meanwhile"), reads),
        memory_row(format!("{what}, peak memory of the server"), peak, "resident"),
    ]
}

fn start_row(server: &Server) -> Row {
    let beside =
        format!("after kill -9, until the first answer; then {} of memory", size(server.memory("VmRSS")));
    Row::new("server start", time(server.started_in), beside)
        .within("≤ 3 s (1,000,000 DIDs)", server.started_in.as_secs_f64() <= 3.0)
}

fn memory_row(what: String, peak: Option<u64>, beside: &str) -> Row {
    let row = Row::new(what, size(peak), beside);
    match peak {
        Some(peak) => row.within("≤ 300 MB (1,000,000 DIDs)", peak <= 300_000_000),
        None => row,
    }
}

fn size(n: Option<u64>) -> String {
    n.map_or_else(|| "unknown".to_owned(), bytes)
}
