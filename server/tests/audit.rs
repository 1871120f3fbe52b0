//! `switchback audit` as a program: what it prints, and its exit codes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where by panicking")]

#[expect(dead_code, reason = "the tests of backups use more of it")]
mod program;

use std::fs;
use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};

use program::{Run, block_on, create, database};

fn audit(folder: &Path, arguments: &[&str]) -> Run {
    program::switchback(folder, &[&["audit"], arguments].concat())
}

/// What somebody does who owns the file.
fn tamper(folder: &Path, sql: &str) {
    block_on(async {
        let url = format!("sqlite:{}", database(folder).display());
        let mut conn = SqliteConnection::connect(&url).await.unwrap();
        let triggers = "drop trigger operations_are_not_deleted; drop trigger operations_are_not_updated;
             drop trigger changes_are_not_deleted; drop trigger audit_chain_is_not_deleted;";
        conn.execute(sqlx::raw_sql(AssertSqlSafe(format!("{triggers} {sql}")))).await.unwrap();
        conn.close().await.unwrap();
    });
}

fn hash_of(out: &str) -> String {
    out.lines().next().unwrap().rsplit_once(" hash ").unwrap().1.to_owned()
}

#[test]
fn a_history_as_it_was_written_verifies_and_says_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    create(folder.path(), false);
    let found = audit(folder.path(), &["verify"]);
    assert_eq!((found.code, found.err.as_str()), (0, ""), "{}", found.out);
    let hash = hash_of(&found.out);
    assert_eq!(found.out, format!("Northwind: version 0: 1 operation, 1 change, hash {hash}\n"));
    let against = audit(folder.path(), &["verify", "--against", &hash]);
    assert_eq!(against.code, 0);
    assert!(against.out.contains("version 0 has the hash that was kept"), "{}", against.out);
    let other = audit(folder.path(), &["verify", "--against", &"0".repeat(64)]);
    assert_eq!(other.code, 1);
    assert!(other.out.contains("no version has the hash 0000"), "{}", other.out);
}

#[test]
fn an_export_is_verified_without_the_database() {
    let folder = tempfile::tempdir().unwrap();
    create(folder.path(), true);
    let verified = audit(folder.path(), &["verify"]);
    let export = audit(folder.path(), &["export"]);
    assert_eq!((verified.code, export.code, export.err.as_str()), (0, 0, ""));
    fs::write(folder.path().join("kept.jsonl"), &export.out).unwrap();
    fs::write(folder.path().join("cut.jsonl"), &export.out[..export.out.len() / 2]).unwrap();
    fs::remove_file(database(folder.path())).unwrap();
    let hash = hash_of(&verified.out);
    let again = audit(folder.path(), &["verify", "--file", "kept.jsonl", "--against", &hash]);
    assert_eq!((again.code, hash_of(&again.out)), (0, hash));
    let cut = audit(folder.path(), &["verify", "--file", "cut.jsonl"]);
    assert_eq!(
        (cut.code, cut.out.as_str()),
        (1, "cut.jsonl: the file was cut off: its last line is missing\n")
    );
}

#[test]
fn what_was_altered_is_named_with_its_version() {
    for (harm, expected) in [
        ("update operations set actor = 'Sam' where version = 2", "version 2: changed"),
        ("delete from operations where version = 1", "version 1: the operation is missing"),
        ("delete from changes where version = 2 and seq = 0", "version 2: 1 of "),
        ("delete from audit_chain where version = 3", "version 3: the hash is missing"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        create(folder.path(), true);
        tamper(folder.path(), harm);
        let found = audit(folder.path(), &["verify"]);
        assert!(found.code == 1 && found.out.contains(expected), "{harm}: {} {}", found.out, found.err);
        let export = audit(folder.path(), &["export"]);
        assert!(export.code == 1 && export.err.contains(expected), "{harm}: {}", export.err);
    }
}

#[test]
fn a_cut_off_end_is_found_by_the_hash_of_an_older_export() {
    let folder = tempfile::tempdir().unwrap();
    create(folder.path(), true);
    let hash = hash_of(&audit(folder.path(), &["verify"]).out);
    tamper(
        folder.path(),
        "delete from operations where version > 2; delete from changes where version > 2;
         delete from audit_chain where version > 2; update accounts set version = 2",
    );
    assert_eq!(audit(folder.path(), &["verify"]).code, 0);
    let found = audit(folder.path(), &["verify", "--against", &hash]);
    assert_eq!(found.code, 1);
    assert!(found.out.contains(&format!("no version has the hash {hash}")), "{}", found.out);
}

#[test]
fn what_could_not_be_verified_is_told_from_what_does_not_verify() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["verify"][..],
        &["export"],
        &["verify", "--file", "absent.jsonl"],
        &["verify", "--against", "abc"],
        &["alter"],
        &[],
    ] {
        let found = audit(folder.path(), arguments);
        assert_eq!((found.code, found.out.as_str()), (2, ""), "{arguments:?}: {}", found.err);
        assert!(!found.err.is_empty());
    }
}
