use super::*;

/// The rows of a file that comes in parts.
pub(super) fn read_parts<'a>(
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(Vec<SheetRow>, Columns), FileProblem> {
    let mut reader = Reader::default();
    let mut rows = Vec::new();
    for part in parts {
        rows.extend(reader.push(part)?);
    }
    let (last, columns) = reader.finish()?;
    rows.extend(last);
    Ok((rows, columns))
}

/// The rows of a file, which are the same if each byte comes alone.
fn read(bytes: &[u8]) -> Result<(Vec<SheetRow>, Columns), FileProblem> {
    let whole = read_parts([bytes]);
    assert_eq!(read_parts(bytes.chunks(1)), whole, "{:?}", String::from_utf8_lossy(bytes));
    whole
}

/// `line: number|alias|primary|failover` for each row, `!` after those with too many cells; or the refusal.
fn shown(bytes: &[u8]) -> String {
    let row = |row: &SheetRow| {
        let cell = |cell: &Option<String>| cell.clone().unwrap_or_default();
        let spilled = if row.spilled { " !" } else { "" };
        let (alias, primary, failover) = (cell(&row.alias), cell(&row.primary), cell(&row.failover));
        format!("{}: {}|{alias}|{primary}|{failover}{spilled}", row.line, row.number)
    };
    match read(bytes) {
        Ok((rows, _)) => rows.iter().map(row).collect::<Vec<_>>().join("\n"),
        Err(problem) => format!("{problem:?}"),
    }
}

#[test]
fn files_are_read_as_spreadsheets_write_them() {
    let rows = [
        ("number,alias\n+1,a\n+2,b", "2: +1|a||\n3: +2|b||"),
        ("number,alias\r\n+1,a\r\n+2,b\r\n", "2: +1|a||\n3: +2|b||"),
        ("number,alias\r+1,a\r+2,b\r", "2: +1|a||\n3: +2|b||"),
        ("\u{feff}Number,Alias\r\n+1,a", "2: +1|a||"),
        ("Phone Number;Name\n+1;a,b", "2: +1|a,b||"),
        ("number;\"alias, or name, or label\"\n+1;a", "2: +1|||"),
        ("TN\tlabel\n+1\ta;b", "2: +1|a;b||"),
        ("sep=;\r\nnumber;alias\r\n+1;a", "3: +1|a||"),
        ("SEP=\t\nnumber\talias\n+1\ta", "3: +1|a||"),
        ("\nsep=|\nnumber|alias\n+1|a", "4: +1|a||"),
        ("\n\nnumber;alias\n+1;a", "4: +1|a||"),
        ("number,alias\n  +1 , a ", "2: +1|a||"),
        ("number,alias\n'+1,5\" pipe", "2: +1|5\" pipe||"),
        ("number,alias\n'206 555,\"say \"\"hi\"\"\"", "2: 206 555|say \"hi\"||"),
        ("number,alias\n\"+1\" ,\"a\" \n+2,b", "2: +1|a||\n3: +2|b||"),
        ("number,alias\n+1,\"\"\n+2,b", "2: +1|||\n3: +2|b||"),
    ];
    for (text, expected) in rows {
        assert_eq!(shown(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn lines_are_counted_as_an_editor_does_whatever_ends_them() {
    let rows = [
        ("\n\nnumber,alias\n\n\n+1,a\n,,\n+2,b", "6: +1|a||\n8: +2|b||"),
        ("number,alias\r\n\r\n+1,a\r\n\r\n\r\n+2,b", "3: +1|a||\n6: +2|b||"),
        ("number,alias\r\r+1,a\r,\r+2,b", "3: +1|a||\n5: +2|b||"),
        ("number,alias\n+1,\"a\nb\"\n+2,c", "2: +1|a\nb||\n4: +2|c||"),
        ("number,note,alias\r\n+1,\"a\r\n\r\nb\",c\r\n\r\n+2,,d", "2: +1|c||\n6: +2|d||"),
    ];
    for (text, expected) in rows {
        assert_eq!(shown(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn headers_are_matched_leniently_and_the_rest_is_named() {
    let (_, columns) = read(b"TN,Label,Primary Route,backup_route,Notes\n1,a,b,c,d\n").unwrap();
    assert_eq!(columns.read, [Column::Number, Column::Alias, Column::Primary, Column::Failover]);
    assert_eq!(columns.ignored, ["Notes"]);
    // The name of a column is repeated as far as anybody reads.
    let long = read(format!("number,{}\n1,2\n", "x".repeat(10_000)).as_bytes()).unwrap().1.ignored;
    assert_eq!(long, [format!("{}…", "x".repeat(64))]);
}

#[test]
fn a_row_with_more_cells_than_the_header_is_marked() {
    let rows = [
        ("number,alias\n+1", "2: +1|||"),
        ("number,alias\n+1,a,, ,", "2: +1|a||"),
        ("number,alias\n+1,a,b", "2: +1|a|| !"),
        ("number,alias\n+1,Smith, John,\n+2,b", "2: +1|Smith|| !\n3: +2|b||"),
    ];
    for (text, expected) in rows {
        assert_eq!(shown(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn a_quotation_mark_that_takes_in_later_rows_is_refused_at_its_line() {
    let rows = [
        ("number,alias\n+1,a\n+2,\"b\n+3,c\n+4,d\n", 3),
        ("number,note\n+1,\"a\n+2,b\n", 2),
        ("number,note\r+1,\"a\r+2,b\r", 2),
        ("number,note\r\n\r\n+1,\"a\r\n+2,b", 3),
        // It opens on a later line of its row.
        ("number,alias,note\n+1,\"a\nb\",\"c\n+2,,\n", 3),
        // The opening mark of a later cell would close it.
        ("number,note\n+1,\"a\n+2,b\n+3,\"c\"\n", 2),
        ("number,note\n+1,\"say \"hi\" there\"\n", 2),
        // Closed in good order, but it holds what was a row.
        ("number,note\n+12065550100,\"a\n+12065550101,\"\n+12065550102,b\n", 2),
        ("note,number\n\"a,+12065550100\nb,(206) 555-0101\n\",+12065550102\n", 2),
        // In the header.
        ("number,\"alias\n+1,a\n+2,b\n", 1),
    ];
    for (text, line) in rows {
        assert_eq!(shown(text.as_bytes()), format!("Quote {{ line: {line} }}"), "{text:?}");
    }
    // Cells of several lines that hold no row.
    for (text, expected) in [
        ("number,note\n+1,\"call\n+12065550199\nfirst, then wait\"\n+2,\n", "2: +1|||\n5: +2|||"),
        ("number,alias\n+1,5\" pipe\n+2,6\" pipe", "2: +1|5\" pipe||\n3: +2|6\" pipe||"),
    ] {
        assert_eq!(shown(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn utf_16_with_its_mark_is_read() {
    let units: Vec<u16> = "number\talias\r\n+1\tBüro".encode_utf16().collect();
    let mut little = vec![0xff, 0xfe];
    little.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    let mut big = vec![0xfe, 0xff];
    big.extend(units.iter().flat_map(|unit| unit.to_be_bytes()));
    assert_eq!(shown(&little), "2: +1|Büro||");
    assert_eq!(shown(&big), "2: +1|Büro||");
    little.push(0);
    assert_eq!(shown(&little), "NotUtf8 { line: 2 }");
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let rows: [(&[u8], &str); 11] = [
        (b"", "Empty"),
        (b"\n\n", "Empty"),
        (b"\n \n,,\n", "Empty"),
        (b"number\n", "NoRows"),
        (b"number,alias\n,\n", "NoRows"),
        (b"name,route\na,b\n", "NoNumberColumn { found: [\"name\", \"route\"] }"),
        (b"number,did\n1,2\n", "ColumnTwice { column: Number }"),
        (b"number,alias\n1,a\n2,B\xfcro\n", "NotUtf8 { line: 3 }"),
        (b"number,alias\r1,a\r2,B\xfcro\r", "NotUtf8 { line: 3 }"),
        (b"number,alias\r\n1,a\r\n2,B\xfcro\r\n", "NotUtf8 { line: 3 }"),
        (b"PK\x03\x04xyz", "Spreadsheet"),
    ];
    for (bytes, expected) in rows {
        assert_eq!(shown(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    let mut reader = Reader::default();
    assert_eq!(reader.push(&vec![b'x'; IMPORT_BYTES_MAX + 1]), Err(FileProblem::TooLarge));
    let (rows, long) = ("1\n".repeat(DIDS_PER_ACCOUNT_MAX), "x".repeat(IMPORT_ROW_BYTES_MAX));
    let read_at_once = |text: &str| read_parts([text.as_bytes()]);
    assert_eq!(read_at_once(&format!("number\n{rows}")).unwrap().0.len(), DIDS_PER_ACCOUNT_MAX);
    assert_eq!(read_at_once(&format!("number\n\n{rows}1")), Err(FileProblem::TooManyRows));
    // The mark between its two cells counts, too.
    assert_eq!(read_at_once(&format!("number,note\n1,{}\n", &long[3..])).unwrap().0.len(), 1);
    assert_eq!(
        read_at_once(&format!("number,note\n1,{}\n", &long[2..])),
        Err(FileProblem::LongRow { line: 2 })
    );
    assert_eq!(read_at_once(&format!("number\n\"{long}x")), Err(FileProblem::LongRow { line: 2 }));
    // What a binary file has for column names is cut.
    let found = vec!["x".repeat(500); 40];
    assert!(FileProblem::NoNumberColumn { found }.to_string().len() < 600);
}
