//! The command from outside: what it prints, what it writes, and how it ends.

use std::path::Path;

use super::*;

/// A number on route 1, which stands behind nothing, and cases of it.
fn file(cases: &str) -> String {
    format!(
        r#"{{"snapshot":{{
            "routes":[{{"id":1,"alias":"pbx <&>","target":{{"type":"host","value":"pbx.example.com"}},
                        "domains":{{"carrier":"Acme","answerer":"pbx"}}}}],
            "dids":[{{"id":1,"number":"+12065550100","primary":1}}]}},
          "cases":[{cases}]}}"#
    )
}

fn case(name: &str, number: &str, faults: &str, expect: &str) -> String {
    format!(
        r#"{{"name":"{name}","case":{{"scenario":{{"did":"{number}","faults":[{faults}]}},"expect":{expect}}}}}"#
    )
}

const SILENT: &str = r#"{"on":{"carrier":"Acme"},"fault":"silent"}"#;
const SOMEBODY: &str = r#"{"reaches":"somebody"}"#;

fn results(cases: &[String]) -> Result<Results, Failure> {
    from_input("cases.json", serde_json::from_str(&file(&cases.join(","))).unwrap())
}

#[test]
fn all_hold_or_some_fail_and_each_says_what_came_of_it() {
    let holds = case("Desk", "+12065550100", "", r#"{"reaches":{"route":1},"within_ms":2000}"#);
    let late = case("Soon", "+12065550100", "", r#"{"reaches":"somebody","within_ms":1999}"#);
    let dead = case("Carrier down", "+12065550100", SILENT, SOMEBODY);
    let gone = case("Gone", "+12065550199", "", r#"{"reaches":{"answerer":"live_answer"}}"#);
    for (cases, code, table) in [
        (vec![], 0, "there are no cases\n"),
        (
            vec![holds.clone()],
            0,
            "holds  Desk  answered at pbx <&> after 2 s by a phone system\n1 case, 0 failing\n",
        ),
        (
            vec![holds, late, dead, gone],
            1,
            "holds  Desk          answered at pbx <&> after 2 s by a phone system\n\
             FAILS  Soon          answered at pbx <&> after 2 s by a phone system; expected: somebody within 1.999 s\n\
             FAILS  Carrier down  the caller gets 408 Request Timeout after 6 s; expected: somebody\n\
             FAILS  Gone          cannot be run: +12065550199 is not one of this account's numbers; expected: an answering service\n\
             4 cases, 3 failing\n",
        ),
    ] {
        let results = results(&cases).unwrap();
        assert_eq!((results.exit_code(), results.table().as_str()), (code, table));
    }
}

#[test]
fn the_report_for_build_servers_is_well_formed_whatever_the_names() {
    let cases = [
        case("Desk", "+12065550100", "", r#"{"reaches":{"route":1}}"#),
        case("<b>&\\\"'", "+12065550100", SILENT, SOMEBODY),
        case("Gone", "+12065550199", "", SOMEBODY),
    ];
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <testsuites tests=\"3\" failures=\"1\" errors=\"1\">\n  \
          <testsuite name=\"cases.json\" tests=\"3\" failures=\"1\" errors=\"1\">\n    \
            <testcase classname=\"cases.json\" name=\"Desk\"/>\n    \
            <testcase classname=\"cases.json\" name=\"&lt;b&gt;&amp;&quot;&apos;\">\n      \
              <failure type=\"elsewhere\" message=\"the caller gets 408 Request Timeout after 6 s; expected: somebody\"/>\n    \
            </testcase>\n    \
            <testcase classname=\"cases.json\" name=\"Gone\">\n      \
              <error type=\"cannot_run\" message=\"cannot be run: +12065550199 is not one of this account&apos;s numbers; expected: somebody\"/>\n    \
            </testcase>\n  \
          </testsuite>\n\
        </testsuites>\n";
    assert_eq!(junit::report(&results(&cases).unwrap()), expected);
}

#[test]
fn a_file_from_outside_is_looked_through_first() {
    // What is one too many ends the reading: what stands behind it is not even looked at.
    let many = vec![case("x", "+12065550100", "", SOMEBODY); CASES_PER_ACCOUNT_MAX + 1].join(",");
    let error = serde_json::from_str::<Input>(&file(&format!("{many},nonsense"))).err().unwrap().to_string();
    assert!(error.starts_with("this list is too long; there may be at most 500 here"), "{error}");
    let long = format!(r#"{{"on":{{"site":"{}"}},"fault":"silent"}}"#, "x".repeat(65));
    let error = results(&[case("x", "+12065550100", &long, SOMEBODY)]).err().unwrap().to_string();
    assert!(error.starts_with("cases.json: cases[0].case.scenario.faults[0].on: "), "{error}");
    let mut input: Input = serde_json::from_str(&file("")).unwrap();
    input.snapshot.dids[0].primary = RouteId(2);
    let error = from_input("cases.json", input).err().unwrap().to_string();
    assert_eq!(error, "cases.json: snapshot.dids[0].primary: there is no inbound route 2");
}

async fn ran(settings: &Settings, junit: Option<&Path>, input: Option<&Path>) -> Result<ExitCode, Failure> {
    let arguments = Arguments {
        input: input.map(|path| path.display().to_string()),
        junit: junit.map(Path::to_path_buf),
    };
    run(settings, arguments).await
}

#[tokio::test]
async fn the_cases_of_an_account_are_run_and_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("switchback.db").display());
    let settings = Settings::of(&database);
    // Nothing to run yet: no database, then no account.
    assert!(ran(&settings, None, None).await.is_err());
    let portal = portal::Portal::open(&database).await.unwrap();
    assert!(ran(&settings, None, None).await.is_err());
    portal.create_sample_account().await.unwrap();
    let xml = folder.path().join("cases.xml");
    assert_eq!(ran(&settings, Some(&xml), None).await.unwrap(), ExitCode::SUCCESS);
    let written = std::fs::read_to_string(&xml).unwrap();
    assert!(written.contains("failures=\"0\" errors=\"0\""), "{written}");
    let missing = folder.path().join("no folder/cases.xml");
    assert!(ran(&settings, Some(&missing), None).await.is_err());
    // A file instead of the account.
    let input = folder.path().join("cases.json");
    std::fs::write(&input, file(&case("x", "+12065550100", SILENT, SOMEBODY))).unwrap();
    assert_eq!(ran(&settings, Some(&xml), Some(&input)).await.unwrap(), ExitCode::from(1));
    assert!(std::fs::read_to_string(&xml).unwrap().contains("failures=\"1\""));
    std::fs::write(&input, "{").unwrap();
    let error = ran(&settings, None, Some(&input)).await.unwrap_err().to_string();
    assert!(error.contains("is not {\"snapshot\":…"), "{error}");
    portal.close().await;
}

#[test]
fn a_test_that_could_not_be_run_ends_unlike_one_that_failed() {
    use clap::Parser;

    use crate::commands::Cli;
    for (line, code) in
        [("test", 2), ("test --input cases.json", 2), ("simulate +12065550100", 1), ("check", 1)]
    {
        let words = std::iter::once("switchback").chain(line.split_whitespace());
        assert_eq!(Cli::try_parse_from(words).unwrap().command.failed(), ExitCode::from(code), "{line}");
    }
    // What the command line itself refuses ends with 2 too.
    let wrong = Cli::try_parse_from(["switchback", "test", "--output", "x"]).err().unwrap();
    assert_eq!(wrong.exit_code(), 2);
}
