//! The machine beside the figures: enough to compare with another, and nothing that names it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use crate::Outcome;
use crate::report::{Row, Table, Times, bytes, time};
use crate::server::kilobytes_in;

/// Writes that are made durable, one by one, to learn what that costs here.
const SYNCS: usize = 100;

pub(crate) fn table(folder: &Path) -> Outcome<Table> {
    let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let model = processor_in(&file("/proc/cpuinfo")).unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = kilobytes_in(&file("/proc/meminfo"), "MemTotal").map_or_else(|| "unknown".to_owned(), bytes);
    let cores = std::thread::available_parallelism()?;
    let synced = durable_write(folder)?;
    Ok(Table {
        title: "The machine".into(),
        rows: vec![
            Row::new(
                "processor",
                model,
                format!("{cores} cores, shared by the server, the database and the measuring"),
            ),
            Row::new("memory", memory, ""),
            Row::new("system", std::env::consts::OS, std::env::consts::ARCH),
            Row::new(
                "4 kB written and synced",
                synced.summary(),
                format!("to the disk of the SQLite file, {SYNCS} times"),
            ),
        ],
    })
}

fn processor_in(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn durable_write(folder: &Path) -> Outcome<Times> {
    let mut file = fs::File::create(folder.join("synced"))?;
    let page = [7; 4096];
    let mut times = Vec::new();
    for _ in 0..SYNCS {
        let since = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(since.elapsed());
    }
    let times = Times::new(times);
    eprintln!("a durable write takes {}", time(times.median()));
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processors_name_is_found() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2.0 GHz\nmodel name\t: Other\n";
        assert_eq!(processor_in(text).as_deref(), Some("Some CPU @ 2.0 GHz"));
        assert_eq!(processor_in(""), None);
    }
}
