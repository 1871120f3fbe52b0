//! Reads the words of a scenario file: faults, moments, lengths of time, numbers.

use routing::{CivilDate, EdgeId, Fault, Millis, OffsetChange, RejectCode, Zone};

/// What was read, or what is wrong with it.
pub(crate) type Read<T> = Result<T, String>;

/// As [`Fault`] is displayed.
pub(crate) fn fault(text: &str) -> Read<Fault> {
    let plain = [
        Fault::Silent,
        Fault::TryingOnly,
        Fault::Refused,
        Fault::DnsFailure,
        Fault::TlsFailure,
        Fault::RingsForEver,
        Fault::Busy,
        Fault::Declines,
        Fault::VoicemailAnswers,
    ];
    if let Some(code) = text.strip_prefix("rejects with ") {
        let code = code.parse().ok().and_then(|code| RejectCode::new(code).ok());
        return code.map(Fault::Rejects).ok_or_else(|| format!("`{text}` is no fault"));
    }
    match text.strip_prefix("answers after ") {
        Some(after) => Ok(Fault::AnswersAfter(millis(after)?)),
        None => plain
            .into_iter()
            .find(|fault| fault.to_string() == text)
            .ok_or_else(|| format!("`{text}` is no fault")),
    }
}

pub(crate) fn zone(name: &str, parts: &[&str]) -> Read<Zone> {
    let offset = |text: &str| {
        let hours = text.strip_suffix(" h").and_then(|hours| hours.parse::<i32>().ok());
        hours.map(|hours| hours * 3600).ok_or_else(|| format!("`{text}` is no offset; write `-8 h`"))
    };
    let change = |part: &&str| {
        let (hours, at) = part.split_once(" from ").ok_or("write `-7 h from 2026-03-08T10:00:00Z`")?;
        Ok::<_, String>(OffsetChange { at: moment(at)?, offset_s: offset(hours)? })
    };
    let changes = parts[1..].iter().map(change).collect::<Read<_>>()?;
    Ok(Zone { name: name.to_owned(), offset_s: offset(parts[0])?, changes })
}

/// `2026-03-08T09:59:55Z` in seconds since 1970.
pub(crate) fn moment(text: &str) -> Read<i64> {
    let wrong = || format!("`{text}` is no moment; write 2026-03-08T09:59:55Z");
    let (date, time) = text.strip_suffix('Z').and_then(|text| text.split_once('T')).ok_or_else(wrong)?;
    let parts: Vec<i64> = time.split(':').filter_map(|part| part.parse().ok()).collect();
    let [hour, minute, second] = parts[..] else { return Err(wrong()) };
    let date = CivilDate::parse(date).map_err(|_| wrong())?;
    Ok(date.local_second(0) + hour * 3600 + minute * 60 + second)
}

/// `6 s`, `0.5 s`.
pub(crate) fn millis(text: &str) -> Read<Millis> {
    let wrong = || format!("`{text}` is no time; write `6 s` or `0.5 s`");
    let (whole, rest) =
        text.strip_suffix(" s").map(|text| text.split_once('.').unwrap_or((text, ""))).ok_or_else(wrong)?;
    let parse = |digits: &str| digits.parse::<u32>().map_err(|_| wrong());
    Ok(Millis(parse(whole)? * 1000 + parse(&format!("{rest:0<3}"))?))
}

pub(crate) fn weight(text: &str) -> Read<u16> {
    text.parse().map_err(|_| format!("`{text}` is no weight"))
}

pub(crate) fn edge(text: &str) -> Read<EdgeId> {
    text.parse().map(EdgeId).map_err(|_| format!("`{text}` is no edge"))
}
