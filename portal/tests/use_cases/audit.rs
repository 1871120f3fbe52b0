//! The history verifies, and so does what is exported of it.

use portal::{
    AuditFileError, AuditFileSummary, BulkAction, ChainFault, ChainSummary, Progress, verify_audit_file,
};
use routing::Version;

use crate::bulk::all;
use crate::office::Office;
use crate::support::{Db, contract};

contract!(
    what_use_cases_do_verifies,
    an_export_verifies_without_the_database,
    an_export_of_an_altered_history_ends_where_it_was_altered,
    what_is_altered_in_an_export_is_found,
);

/// The whole export, and how it ended.
async fn export(office: &Office) -> (String, Result<ChainSummary, ChainFault>) {
    let mut export = office.portal.export_audit(&office.dana, office.account.id).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(part) = export.part().await.unwrap() {
        bytes.extend(part);
    }
    (String::from_utf8(bytes).unwrap(), export.ended().unwrap().clone())
}

async fn what_use_cases_do_verifies(db: Db) {
    let office = Office::open(db).await;
    let (portal, account) = (&office.portal, office.account.id);
    let before = portal.verify_chain(&office.dana, account, None).await.unwrap().unwrap();
    let all = all(portal, &office.sam, account).await;
    let release = BulkAction::Release;
    let done = portal
        .apply_bulk(&office.sam, account, &all, &release, Some("moved out".into()), &Progress::default())
        .await
        .unwrap();
    let after = portal.verify_chain(&office.dana, account, Some(before.hash)).await.unwrap().unwrap();
    assert_eq!((after.version, after.kept), (done.version, before.version));
    assert_eq!(after.changes, before.changes + 3);
}

async fn an_export_verifies_without_the_database(db: Db) {
    let office = Office::open(db).await;
    let (first, summary) = export(&office).await;
    let summary = summary.unwrap();
    let account = office.account.id;
    let whole = AuditFileSummary { account, summary: summary.clone() };
    assert_eq!(verify_audit_file(first.as_bytes(), None).unwrap(), whole);
    assert_eq!(
        first.lines().count() as u64,
        // An operation and its hash, the change rows, the first line and the last.
        2 * summary.operations + summary.changes + 2
    );
    // What comes later is added to the end.
    office.add_schedule("Office").await;
    let (second, later) = export(&office).await;
    let lines = first.lines().count() - 1;
    assert_eq!(first.lines().take(lines).collect::<Vec<_>>(), second.lines().take(lines).collect::<Vec<_>>());
    let found = verify_audit_file(second.as_bytes(), Some(summary.hash)).unwrap();
    assert_eq!(found.summary.kept, summary.version);
    // The older one is shorter than what the newer hash stands for.
    let refused = verify_audit_file(first.as_bytes(), Some(later.unwrap().hash)).unwrap_err();
    assert!(matches!(refused, AuditFileError::Fault(ChainFault::KeptHashMissing(_))), "{refused}");
}

async fn an_export_of_an_altered_history_ends_where_it_was_altered(db: Db) {
    let office = Office::open(db).await;
    office.db.disarm_history().await;
    office.db.sql("update changes set label = 'x' where version = 2").await;
    let (text, ended) = export(&office).await;
    assert_eq!(ended, Err(ChainFault::Changed(Version(2))));
    let refused = verify_audit_file(text.as_bytes(), None).unwrap_err();
    assert!(matches!(refused, AuditFileError::CutOff), "{refused}");
}

async fn what_is_altered_in_an_export_is_found(db: Db) {
    let office = Office::open(db).await;
    let (text, _) = export(&office).await;
    let lines: Vec<&str> = text.lines().collect();
    for at in 0..lines.len() {
        // Without this line, with it twice, with it and the next one exchanged.
        let without = [&lines[..at], &lines[at + 1..]].concat();
        let twice = [&lines[..=at], &lines[at..]].concat();
        let mut exchanged = lines.clone();
        exchanged.swap(at, (at + 1).min(lines.len() - 1));
        for (how, altered) in [("without", without), ("twice", twice), ("exchanged", exchanged)] {
            if altered == lines {
                continue;
            }
            let found = verify_audit_file((altered.join("\n") + "\n").as_bytes(), None);
            assert!(found.is_err(), "line {at} {how}: {}", lines[at]);
        }
        // Every digit of it matters.
        for (place, byte) in lines[at].bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
            let mut altered = text.clone().into_bytes();
            let start: usize = lines[..at].iter().map(|line| line.len() + 1).sum();
            altered[start + place] = if byte == b'9' { b'8' } else { byte + 1 };
            assert!(verify_audit_file(&*altered, None).is_err(), "line {at}, {place}: {}", lines[at]);
        }
    }
}
