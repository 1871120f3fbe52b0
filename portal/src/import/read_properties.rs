//! However a file comes in, its rows are those that another reader finds in the whole of it.

use csv::{QuoteStyle, ReaderBuilder, StringRecord, Terminator, WriterBuilder};
use proptest::collection::vec;
use proptest::prelude::*;

use super::tests::read_parts;
use super::*;

const HEADER: &str = "number,alias,primary,failover";

/// Bytes cut at these places, wherever they are.
fn parts<'a>(bytes: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

/// What our rows should be, by the other reader's.
fn expected(text: &str) -> Vec<[String; 4]> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let cells = |record: StringRecord| {
        let cell = |place: usize| record.get(place).unwrap_or_default().trim().to_owned();
        [bare_number(&cell(0)).to_owned(), cell(1), cell(2), cell(3)]
    };
    let records = reader.records().map(Result::unwrap);
    let filled = records.filter(|record| record.iter().any(|cell| !cell.trim().is_empty()));
    filled.map(cells).collect()
}

fn cells(rows: Vec<SheetRow>) -> Vec<[String; 4]> {
    let cells = |row: SheetRow| {
        let [alias, primary, failover] =
            [row.alias, row.primary, row.failover].map(Option::unwrap_or_default);
        [row.number, alias, primary, failover]
    };
    rows.into_iter().map(cells).collect()
}

/// The same text in each encoding that is read, with its mark.
fn encoded(text: &str) -> [Vec<u8>; 4] {
    let units = || text.encode_utf16();
    [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        [0xff, 0xfe].into_iter().chain(units().flat_map(u16::to_le_bytes)).collect(),
        [0xfe, 0xff].into_iter().chain(units().flat_map(u16::to_be_bytes)).collect(),
    ]
}

proptest! {
    #[test]
    fn rows_are_the_same_however_a_file_is_cut_and_encoded(
        rows in vec((0..10_000u32, "[a-z ,;\"'\r\né€😀]{0,12}", "[a-z,]{0,5}", "[ -]{0,2}"), 1..8),
        style in prop::sample::select(vec![QuoteStyle::Necessary, QuoteStyle::Always]),
        terminator in prop::sample::select(vec![Terminator::CRLF, Terminator::Any(b'\n'), Terminator::Any(b'\r')]),
        cuts in vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let mut writer =
            WriterBuilder::new().quote_style(style).terminator(terminator).from_writer(Vec::new());
        writer.write_record(HEADER.split(',')).unwrap();
        for (number, alias, primary, failover) in &rows {
            writer.write_record([&format!("+1206555{number:04}"), alias, primary, failover]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        for bytes in encoded(&text) {
            let (rows, _) = read_parts(parts(&bytes, &cuts)).unwrap();
            prop_assert_eq!(cells(rows), expected(&text));
        }
    }

    #[test]
    fn what_is_no_good_csv_comes_to_the_same_however_it_is_cut(
        text in "[a,;\"\r\n \té+1]{0,40}",
        bytes in vec(any::<u8>(), 0..3),
        cuts in vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let text = format!("{HEADER}\n{text}");
        let whole = read_parts([text.as_bytes()]);
        prop_assert_eq!(&read_parts(parts(text.as_bytes(), &cuts)), &whole);
        if let Ok((rows, _)) = whole {
            prop_assert_eq!(cells(rows), expected(&text));
        }
        let broken = [text.as_bytes(), &bytes].concat();
        prop_assert_eq!(read_parts(parts(&broken, &cuts)), read_parts([broken.as_slice()]));
    }
}
