//! `switchback check`: one JSON line in, one JSON line out.

use std::{
    io::{BufRead, Write},
    process::ExitCode,
};

use routing::{CheckKind, Dialling, cut, limits, limits::MESSAGE_CHARS_MAX, shortened};
use serde::{Deserialize, Serialize};

/// Bytes of an input line; a longer one is refused without being kept. A value that is too long is the core's to refuse.
const LINE_BYTES_MAX: usize = 64 * 1024;
const _: () = assert!(LINE_BYTES_MAX > limits::INPUT_OCTETS_MAX);
/// The country whose dialling habits are read when the line names none.
const DEFAULT_COUNTRY: &str = "US";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    kind: String,
    value: String,
    /// ISO code of the country whose national numbers are understood.
    #[serde(default)]
    country: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Right {
        ok: bool,
        canonical: String,
    },
    Wrong {
        ok: bool,
        code: String,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        position: Option<usize>,
    },
}

/// Exit code if any line was refused.
const REFUSED: u8 = 1;
/// Exit code if standard input or output failed: nothing is known about the lines that are left.
const IO_FAILED: u8 = 4;

/// Answers every line; the exit code says how it went.
pub(crate) fn run() -> ExitCode {
    ExitCode::from(exit_code(answer_all(&mut std::io::stdin().lock(), &mut std::io::stdout().lock())))
}

fn exit_code(ended: std::io::Result<bool>) -> u8 {
    match ended {
        Ok(false) => 0,
        Ok(true) => REFUSED,
        // Nobody reads on, as behind `head -1`; there is nobody to tell either.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            eprintln!("switchback: cannot read the lines or write the answers: {error}");
            IO_FAILED
        }
    }
}

fn answer_all(input: &mut impl BufRead, output: &mut impl Write) -> std::io::Result<bool> {
    let mut refused = false;
    let mut line = Vec::new();
    while read_line(input, &mut line)? {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = answer(&line);
        refused |= matches!(answer, Answer::Wrong { .. });
        serde_json::to_writer(&mut *output, &answer)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(refused)
}

/// Reads a line, of an overlong one only its beginning; `false` at the end.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            return Ok(!line.is_empty());
        }
        let end = chunk.iter().position(|b| *b == b'\n');
        let taken = end.unwrap_or(chunk.len());
        let room = (LINE_BYTES_MAX + 1).saturating_sub(line.len());
        line.extend_from_slice(&chunk[..taken.min(room)]);
        input.consume(taken + usize::from(end.is_some()));
        if end.is_some() {
            // An empty line is a line.
            if line.is_empty() {
                line.push(b' ');
            }
            return Ok(true);
        }
    }
}

fn answer(line: &[u8]) -> Answer {
    let wrong = |code: &str, message: String, position| Answer::Wrong {
        ok: false,
        code: code.into(),
        message,
        position,
    };
    if line.len() > LINE_BYTES_MAX {
        return wrong("too_long", format!("The line is longer than {LINE_BYTES_MAX} bytes."), None);
    }
    let question: Question = match serde_json::from_slice(line) {
        Ok(question) => question,
        Err(e) => {
            return wrong(
                "bad_line",
                format!(
                    "Not a line like {{\"kind\":\"host\",\"value\":\"…\"}}: {}",
                    cut(&e.to_string(), MESSAGE_CHARS_MAX)
                ),
                None,
            );
        }
    };
    let Ok(kind) = question.kind.parse::<CheckKind>() else {
        return wrong(
            "unknown_kind",
            format!(
                "`{}` is no kind; write host, phone, uri or alias.",
                shortened(&question.kind).escape_debug()
            ),
            None,
        );
    };
    let country = question.country.as_deref().unwrap_or(DEFAULT_COUNTRY);
    let Some(dialling) = Dialling::of(country) else {
        return wrong(
            "unknown_country",
            format!("`{}` is no country code; write one like US or GB.", shortened(country).escape_debug()),
            None,
        );
    };
    match routing::check(kind, &question.value, &dialling) {
        Ok(canonical) => Answer::Right { ok: true, canonical },
        Err(error) => wrong(error.code(), error.to_string(), error.position()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(input: &str) -> (bool, Vec<serde_json::Value>) {
        let mut output = Vec::new();
        let refused = answer_all(&mut input.as_bytes(), &mut output).unwrap();
        let lines = String::from_utf8(output).unwrap();
        (refused, lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect())
    }

    #[test]
    fn each_line_gets_one_answer_in_order() {
        let (refused, answers) = ask(concat!(
            "{\"kind\":\"host\",\"value\":\"PBX.Example.com.\"}\n",
            "\n",
            "{\"kind\":\"phone\",\"value\":\"(206) 555-0100\"}\r\n",
            "{\"kind\":\"uri\",\"value\":\"sip:ops@pbx.example.com\"}\n",
            "{\"kind\":\"alias\",\"value\":\" Front desk \"}",
        ));
        let canonical: Vec<_> = answers.iter().map(|a| a["canonical"].as_str().unwrap()).collect();
        assert_eq!(canonical, ["pbx.example.com", "+12065550100", "sip:ops@pbx.example.com", "Front desk"]);
        assert!(!refused);
    }

    /// An output that fails.
    struct Failing(std::io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_left_ends_it_quietly_and_a_full_disk_has_its_own_exit_code() {
        use std::io::ErrorKind;
        let line = "{\"kind\":\"fax\",\"value\":\"x\"}\n";
        for (kind, expected) in [(ErrorKind::BrokenPipe, 0), (ErrorKind::StorageFull, 4)] {
            assert_eq!(exit_code(answer_all(&mut line.as_bytes(), &mut Failing(kind))), expected);
        }
        assert_eq!(exit_code(answer_all(&mut line.as_bytes(), &mut Vec::new())), 1);
    }

    #[test]
    fn a_refused_line_says_why_and_the_next_is_still_answered() {
        let long = format!("{{\"kind\":\"host\",\"value\":\"{}\"}}", "a".repeat(LINE_BYTES_MAX));
        for (line, code) in [
            ("{\"kind\":\"fax\",\"value\":\"x\"}", "unknown_kind"),
            ("not json", "bad_line"),
            ("{\"kind\":\"phone\",\"value\":\"1\",\"country\":\"XX\"}", "unknown_country"),
            (long.as_str(), "too_long"),
        ] {
            let (refused, answers) = ask(&format!("{line}\n{{\"kind\":\"alias\",\"value\":\"x\"}}\n"));
            assert!(refused);
            assert_eq!(answers[0]["code"], code);
            assert_eq!(answers[1]["ok"], true);
        }
        let (_, answers) = ask("{\"kind\":\"host\",\"value\":\"user@host.example\"}\n");
        assert_eq!(answers[0]["ok"], false);
        assert!(!answers[0]["message"].as_str().unwrap().is_empty());
    }
}
