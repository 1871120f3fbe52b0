//! `switchback backup` and `switchback restore` as programs: what they print, their exit codes, and what is left when they
//! are killed or the disk is full.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where by panicking")]

mod program;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use program::{command, create, create_large, database, switchback};

/// As many as make each command last long enough to be hit.
const DIDS: u64 = 15_000;
/// Where a command is hit, as parts of the time that it takes when nobody hits it.
const PARTS: [f64; 7] = [0.1, 0.3, 0.5, 0.65, 0.8, 0.9, 0.97];

/// The aliases of the DIDs begin with it; none if there is no account.
fn words(folder: &Path) -> Option<(String, usize)> {
    let export = switchback(folder, &["export", "--csv"]);
    if export.code != 0 {
        assert!(export.err.contains("no account yet"), "{}", export.err);
        return None;
    }
    let rows: Vec<&str> = export.out.lines().skip(1).collect();
    let word = |row: &str| row.split(',').nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let first = word(rows[0]);
    assert!(rows.iter().all(|row| word(row) == first));
    Some((first, rows.len()))
}

fn verifies(folder: &Path) -> bool {
    switchback(folder, &["audit", "verify"]).code == 0
}

#[test]
fn a_backup_is_taken_and_brought_back_and_each_refusal_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    create(folder, true);
    let history = switchback(folder, &["audit", "verify"]).out;
    fs::write(folder.join("text.backup"), "number,alias\n").unwrap();
    for (arguments, code, phrase) in [
        (&["backup", "a.backup"][..], 0, "backed up to a.backup"),
        (&["backup", "a.backup"], 1, "a.backup is there already"),
        (&["backup", "a.backup"], 1, "--replace does it nevertheless"),
        (&["backup", "a.backup", "--replace"], 0, history.trim_end()),
        (&["backup", "t.sqlite", "--replace"], 1, "t.sqlite is the database itself"),
        (&["backup", "absent/a.backup"], 1, "could not create"),
        (&["backup"], 2, "Usage"),
        (&["restore", "a.backup"], 1, "the database holds an account"),
        (&["restore", "a.backup", "--replace"], 0, "restored from a.backup"),
        (&["restore", "text.backup", "--replace"], 1, "text.backup is not a backup of switchback"),
        (&["restore", "absent.backup"], 1, "could not read absent.backup"),
        (&["restore", "a.backup", "--database", "sqlite:new/n.sqlite"], 1, "could not create"),
        (&["restore", "a.backup", "--database", "sqlite:n.sqlite"], 0, history.trim_end()),
        (&["audit", "verify", "--database", "sqlite:n.sqlite"], 0, history.trim_end()),
        (&["backup", "b.backup", "--database", "sqlite:absent.sqlite"], 1, "there is no database at"),
    ] {
        let run = switchback(folder, arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}{}", run.out, run.err);
        let said = if code == 0 { &run.out } else { &run.err };
        assert!(said.contains(phrase), "{arguments:?}: {said}");
    }
}

#[test]
fn a_running_server_is_backed_up_and_is_not_restored_under() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    create(folder, true);
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let mut server = command(folder, &serve).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = [0; 10];
    server.stdout.as_mut().unwrap().read_exact(&mut said).unwrap();
    assert_eq!(switchback(folder, &["backup", "a.backup"]).code, 0);
    let refused = switchback(folder, &["restore", "a.backup", "--replace"]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("a switchback has the database open: stop it first"), "{}", refused.err);
    assert_eq!(switchback(folder, &["restore", "a.backup", "--replace"]).code, 0);
    assert!(verifies(folder));
}

/// Runs a command once to see how long it takes, and then again and again, killed after a part of that. `prepare` comes
/// before each run, `check` after it, with whether it was hit.
fn hit(folder: &Path, arguments: &[&str], prepare: impl Fn(), check: impl Fn(bool)) {
    prepare();
    let begun = Instant::now();
    let whole = switchback(folder, arguments);
    let takes = begun.elapsed();
    assert_eq!(whole.code, 0, "{}", whole.err);
    check(false);
    let mut hits = 0;
    for part in PARTS {
        prepare();
        let mut victim =
            command(folder, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(takes.mul_f64(part));
        victim.kill().unwrap();
        let hit = !victim.wait().unwrap().success();
        hits += u32::from(hit);
        check(hit);
    }
    println!("{arguments:?}: {hits} of {} kills hit it; it takes {takes:?}", PARTS.len());
    assert!(hits > 0, "{arguments:?} takes {takes:?} and was never hit");
}

#[test]
fn a_backup_that_is_killed_leaves_none_or_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    create_large(folder, "old", DIDS);
    let backup = folder.join("a.backup");
    let forget = || {
        let _ = fs::remove_file(&backup);
    };
    hit(folder, &["backup", "a.backup"], forget, |killed| {
        assert!(killed || backup.exists());
        if backup.exists() {
            let _ = fs::remove_file(folder.join("n.sqlite"));
            let run = switchback(folder, &["restore", "a.backup", "--database", "sqlite:n.sqlite"]);
            assert_eq!(run.code, 0, "{}", run.err);
        }
    });
    // What the last one left is in nobody's way, and gone after the next.
    assert_eq!(switchback(folder, &["backup", "a.backup", "--replace"]).code, 0);
    assert!(!folder.join("a.backup.unfinished").exists());
    assert!(verifies(folder));
}

#[test]
fn a_restore_that_is_killed_leaves_what_was_there_or_the_whole_backup() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    create_large(folder, "new", DIDS);
    assert_eq!(switchback(folder, &["backup", "new.backup"]).code, 0);
    fs::remove_file(database(folder)).unwrap();
    create_large(folder, "old", 100);
    assert_eq!(switchback(folder, &["backup", "old.backup"]).code, 0);
    let back = || assert_eq!(switchback(folder, &["restore", "old.backup", "--replace"]).code, 0);
    hit(folder, &["restore", "new.backup", "--replace"], back, |killed| {
        assert!(verifies(folder));
        match words(folder).unwrap() {
            (word, 100) if word == "old" => assert!(killed),
            (word, count) => assert_eq!((word.as_str(), count), ("new", DIDS as usize)),
        }
    });
}

#[test]
fn an_account_file_whose_import_is_killed_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    create_large(folder, "new", DIDS);
    assert_eq!(switchback(folder, &["export", "--output", "account.json"]).code, 0);
    let empty = || {
        for name in ["t.sqlite", "t.sqlite-wal", "t.sqlite-shm"] {
            let _ = fs::remove_file(folder.join(name));
        }
    };
    hit(folder, &["import", "account.json"], empty, |killed| {
        if !database(folder).exists() {
            assert!(killed);
            return;
        }
        match words(folder) {
            None => assert!(killed),
            Some(found) => {
                assert_eq!(found, ("new".to_owned(), DIDS as usize));
                assert!(verifies(folder));
            }
        }
    });
}

/// Runs the program where no file may grow beyond that: the system's answer is an error, as on a full disk.
fn cramped(folder: &Path, kib: u64, arguments: &[&str]) -> (i32, String) {
    // The signal that would end the process is ignored, so that writing fails instead.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", 2 * kib);
    let plain = command(folder, arguments);
    let mut shell = Command::new("sh");
    shell.current_dir(folder).env("SWITCHBACK_DATABASE", "sqlite:t.sqlite").arg("-c").arg(script);
    let output = shell.arg(plain.get_program()).args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn where_there_is_no_room_nothing_is_replaced_and_the_reason_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    create_large(folder, "old", 10_000);
    assert_eq!(switchback(folder, &["backup", "a.backup"]).code, 0);
    let size = fs::metadata(folder.join("a.backup")).unwrap().len();
    for arguments in [&["backup", "b.backup"][..], &["restore", "a.backup", "--replace"]] {
        let (code, said) = cramped(folder, size / 2048, arguments);
        assert_eq!(code, 1, "{arguments:?}: {said}");
        assert!(said.contains("because:"), "{arguments:?}: {said}");
        assert!(verifies(folder), "{arguments:?}");
        assert_eq!(words(folder).unwrap(), ("old".to_owned(), 10_000));
        let left: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("unfinished")), "{left:?}");
    }
    assert!(!folder.join("b.backup").exists());
    assert_eq!(switchback(folder, &["backup", "b.backup"]).code, 0);
}
