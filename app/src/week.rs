//! A week of hours as a picture to scale, and in words.

use std::fmt::Write;

use routing::{DayHours, Millis, Weekday};

use crate::timeline::percent;

/// Minutes of a day.
const DAY_MIN: u32 = 24 * 60;
const ROW_PX: u32 = 22;
const BAR_PX: u32 = 12;
const AXIS_PX: u32 = 20;

/// The ids of the seven fields, Monday first: what they are called in the form, too.
pub const FIELDS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// `Monday to Friday 08:00-17:00; Saturday and Sunday closed`: days in a row that are alike are said once.
pub fn words(week: &[DayHours; 7]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut first = 0;
    while first < week.len() {
        let alike = week[first..].iter().take_while(|hours| **hours == week[first]).count();
        let last = first + alike - 1;
        let name = |day: usize| Weekday::ALL[day].name();
        let days = match alike {
            7 => "Every day".to_owned(),
            1 => name(first).to_owned(),
            2 => format!("{} and {}", name(first), name(last)),
            _ => format!("{} to {}", name(first), name(last)),
        };
        parts.push(format!("{days} {}", week[first]));
        first = last + 1;
    }
    parts.join("; ")
}

/// The picture, with [`words`] for those who do not see it. Hours after midnight are drawn on the day that they fall on.
pub fn picture(week: &[DayHours; 7]) -> String {
    let height = ROW_PX * 7 + AXIS_PX;
    let mut out =
        format!("<svg class=\"week\" height=\"{height}\" role=\"img\" aria-label=\"{}\">", words(week));
    for hour in [0, 6, 12, 18, 24] {
        let x = across(hour * 60);
        let anchor = match hour {
            0 => "start",
            24 => "end",
            _ => "middle",
        };
        let _ = write!(
            out,
            "<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{}\"/><text class=\"axis\" x=\"{x}\" y=\"{}\" \
             text-anchor=\"{anchor}\">{hour}:00</text>",
            ROW_PX * 7,
            height - 4
        );
    }
    for (day, hours) in week.iter().enumerate() {
        let label = Weekday::ALL[day].name().get(..3).unwrap_or_default();
        let _ = write!(out, "<text x=\"0\" y=\"{}\">{label}</text>", row(day) + 15);
        if hours.is_closed() {
            let _ = write!(
                out,
                "<line class=\"closed\" x1=\"{}\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>",
                across(0),
                y = row(day) + ROW_PX / 2
            );
        }
        for stretch in hours.intervals() {
            let (from, to) = (u32::from(stretch.from_min()), u32::from(stretch.end_min()));
            bar(&mut out, day, from, to.min(DAY_MIN));
            if to > DAY_MIN {
                bar(&mut out, (day + 1) % 7, 0, to - DAY_MIN);
            }
        }
    }
    out.push_str("</svg>");
    out
}

fn row(day: usize) -> u32 {
    ROW_PX * u32::try_from(day).unwrap_or_default()
}

fn bar(out: &mut String, day: usize, from: u32, to: u32) {
    let _ = write!(
        out,
        "<rect class=\"open\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{BAR_PX}\" rx=\"2\"/>",
        across(from),
        row(day) + (ROW_PX - BAR_PX) / 2,
        percent(Millis((to - from) * 88), DAY_MIN * 100),
    );
}

/// A minute of the day from the left: the names of the days take the first 12 %.
fn across(minute: u32) -> String {
    percent(Millis(DAY_MIN * 12 + minute * 88), DAY_MIN * 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(texts: [&str; 7]) -> [DayHours; 7] {
        texts.map(|text| DayHours::parse(text).unwrap())
    }

    #[test]
    fn days_that_are_alike_are_said_once() {
        let office = "8:00-17:00";
        for (texts, expected) in [
            ([""; 7], "Every day closed"),
            (
                [office, office, office, office, office, "", ""],
                "Monday to Friday 08:00-17:00; Saturday and Sunday closed",
            ),
            (
                [office, "", office, "", "", "", "22:00-06:00"],
                "Monday 08:00-17:00; Tuesday closed; Wednesday 08:00-17:00; Thursday to Saturday closed; Sunday \
                 22:00-06:00",
            ),
        ] {
            assert_eq!(words(&week(texts)), expected);
        }
    }

    #[test]
    fn the_picture_is_to_scale_and_goes_on_after_midnight() {
        let picture = picture(&week(["12:00-18:00", "", "", "", "", "", "22:00-06:00"]));
        // Monday from the half to three quarters, and the end of Sunday's night.
        assert!(picture.contains("x=\"56.00%\" y=\"5\" width=\"22.00%\""), "{picture}");
        assert!(picture.contains("x=\"12.00%\" y=\"5\" width=\"22.00%\""), "{picture}");
        assert!(picture.contains("x=\"92.66%\" y=\"137\" width=\"7.33%\""), "{picture}");
        assert_eq!(picture.matches("class=\"closed\"").count(), 5);
        assert!(!picture.contains("style="), "the content security policy refuses it");
    }
}
