//! The program under test, run as a person would, on a SQLite file in a folder of its own.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use portal::{Actor, NewAccount, Portal};

/// What a run came to.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program in that folder, on its database, without the settings of whoever runs the tests.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchback"));
    command
        .current_dir(folder)
        .env_remove("SWITCHBACK_LOG")
        .env("SWITCHBACK_DATABASE", "sqlite:t.sqlite")
        .args(arguments)
        .stdin(Stdio::null());
    command
}

pub(crate) fn switchback(folder: &Path, arguments: &[&str]) -> Run {
    let output = command(folder, arguments).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("t.sqlite")
}

/// An account with its creation alone, or the sample one with a history.
pub(crate) fn create(folder: &Path, sample: bool) {
    block_on(async {
        let portal = Portal::open(&format!("sqlite:{}", database(folder).display())).await.unwrap();
        if sample {
            portal.create_sample_account().await.unwrap();
        } else {
            let new = NewAccount { name: "Northwind".into(), country: "US".into() };
            portal.create_account(&Actor::operator("test"), &new).await.unwrap();
        }
        portal.close().await;
    });
}

/// The same with so many DIDs that writing them takes a while. The alias of each begins with `word`.
pub(crate) fn create_large(folder: &Path, word: &str, dids: u64) {
    create(folder, false);
    let mut csv = String::from("number,alias\n");
    for n in 0..dids {
        writeln!(csv, "+1{},{word} {n}", 2_065_550_000_u64 + n).unwrap();
    }
    std::fs::write(folder.join("dids.csv"), csv).unwrap();
    let imported = switchback(folder, &["import", "dids.csv"]);
    assert_eq!(imported.code, 0, "{}", imported.err);
}
