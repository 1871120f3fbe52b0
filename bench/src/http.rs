//! As much of an HTTP/1.1 client as the measures need: one kept connection, so that nothing but the server is timed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::Outcome;

/// The server gives up on a request after a minute; then so do we.
const PATIENCE: Duration = Duration::from_secs(70);
/// No header of ours is longer; a longer line means that we lost our place.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// What may come back compressed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accept {
    /// Nothing: the text is to be read.
    Plain,
    /// Brotli, as every browser asks for.
    Brotli,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
    /// Bytes over the wire: head, body and chunk marks.
    pub(crate) wire: u64,
}

impl Answer {
    /// The body as text.
    pub(crate) fn text(&self) -> Outcome<&str> {
        Ok(std::str::from_utf8(&self.body)?)
    }

    /// Where it sends us on to.
    pub(crate) fn redirect(&self, from: &str) -> Outcome<&str> {
        match (self.status, &self.location) {
            (303, Some(to)) => Ok(to),
            _ => {
                let said: String = String::from_utf8_lossy(&self.body).chars().take(2_000).collect();
                Err(format!("POST {from} answered {} where 303 was expected:\n{said}", self.status).into())
            }
        }
    }
}

/// The cookies of one browser, with all its connections: whoever signed in is signed in on each.
#[derive(Clone, Default)]
pub(crate) struct Jar(Arc<Mutex<BTreeMap<String, String>>>);

impl Jar {
    fn keep(&self, cookie: &str) {
        if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.trim().into(), value.into());
        }
    }

    fn header(&self) -> String {
        let cookies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { String::new() } else { format!("Cookie: {}\r\n", pairs.join("; ")) }
    }
}

/// A connection that is kept.
pub(crate) struct Connection {
    address: SocketAddr,
    jar: Jar,
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr, jar: Jar) -> Outcome<Connection> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Connection { address, jar, stream: BufReader::with_capacity(64 * 1024, stream) })
    }

    /// Gets a page that must be there.
    pub(crate) fn get(&mut self, path: &str, accept: Accept) -> Outcome<Answer> {
        let answer = self.look(path, accept)?;
        if answer.status == 200 {
            Ok(answer)
        } else {
            Err(format!("GET {path} answered {}", answer.status).into())
        }
    }

    /// Gets a page that may lead to another one.
    pub(crate) fn look(&mut self, path: &str, accept: Accept) -> Outcome<Answer> {
        self.send("GET", path, accept, None)
    }

    /// Sends a form, or a file; `kind` is its media type.
    pub(crate) fn post(&mut self, path: &str, kind: &str, body: &[u8]) -> Outcome<Answer> {
        self.send("POST", path, Accept::Plain, Some((kind, body)))
    }

    fn send(
        &mut self,
        method: &str,
        path: &str,
        accept: Accept,
        body: Option<(&str, &[u8])>,
    ) -> Outcome<Answer> {
        let coding = match accept {
            Accept::Plain => "identity",
            Accept::Brotli => "br",
        };
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: {coding}\r\n", self.address);
        request.push_str(&self.jar.header());
        if let Some((kind, body)) = body {
            request.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        let mut request = request.into_bytes();
        request.extend_from_slice(body.map_or(&[], |(_, body)| body));
        self.stream.get_mut().write_all(&request)?;
        self.answer()
    }

    fn answer(&mut self) -> Outcome<Answer> {
        let mut wire = 0;
        let first = self.line(&mut wire)?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| format!("`{first}` is no HTTP answer"))?;
        let (mut location, mut length, mut chunked) = (None, None, false);
        loop {
            let line = self.line(&mut wire)?;
            let Some((name, value)) = line.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "location" => location = Some(value.to_owned()),
                "set-cookie" => self.jar.keep(value),
                "content-length" => length = Some(value.parse::<u64>()?),
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                _ => {}
            }
        }
        let mut body = Vec::new();
        match length {
            _ if chunked => loop {
                let line = self.line(&mut wire)?;
                let size = u64::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)?;
                self.bytes(size, &mut body, &mut wire)?;
                self.line(&mut wire)?;
                if size == 0 {
                    break;
                }
            },
            Some(length) => self.bytes(length, &mut body, &mut wire)?,
            None => return Err("an answer says neither its length nor that it comes in chunks".into()),
        }
        Ok(Answer { status, location, body, wire })
    }

    /// The next line, without its end.
    fn line(&mut self, wire: &mut u64) -> Outcome<String> {
        let mut line = String::new();
        *wire += (&mut self.stream).take(LINE_BYTES_MAX).read_line(&mut line)? as u64;
        if line.ends_with('\n') {
            Ok(line.trim_end().to_owned())
        } else {
            Err("the server closed the connection in mid-answer".into())
        }
    }

    fn bytes(&mut self, count: u64, into: &mut Vec<u8>, wire: &mut u64) -> Outcome {
        let read = (&mut self.stream).take(count).read_to_end(into)? as u64;
        *wire += read;
        if read == count { Ok(()) } else { Err("the server closed the connection in mid-answer".into()) }
    }
}

/// A form's fields, as a browser sends them.
pub(crate) fn form<N: AsRef<str>, V: AsRef<str>>(fields: &[(N, V)]) -> String {
    let pairs =
        fields.iter().map(|(name, value)| format!("{}={}", encode(name.as_ref()), encode(value.as_ref())));
    pairs.collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Answers the first request with these bytes.
    fn answered(bytes: &'static [u8]) -> Outcome<Answer> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            assert!(stream.read(&mut request).unwrap() > 0);
            stream.write_all(bytes).unwrap();
        });
        let answer = Connection::open(address, Jar::default())?.post("/x", "text/plain", b"y");
        server.join().unwrap();
        answer
    }

    #[test]
    fn an_answer_is_read_by_its_length_or_by_its_chunks() {
        let rows: [(&[u8], u16, &[u8]); 3] = [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello"),
            (
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
                200,
                b"hello",
            ),
            (b"HTTP/1.1 303 See Other\r\nlocation: /done\r\ncontent-length: 0\r\n\r\n", 303, b""),
        ];
        for (bytes, status, body) in rows {
            let answer = answered(bytes).unwrap();
            assert_eq!((answer.status, answer.body.as_slice()), (status, body));
            assert_eq!(answer.wire, bytes.len() as u64, "every byte is counted");
            assert_eq!(answer.redirect("/x").ok(), (status == 303).then_some("/done"));
        }
    }

    #[test]
    fn an_answer_that_breaks_off_is_an_error() {
        for bytes in [
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".as_slice(),
            b"HTTP/1.1 200 OK\r\nA",
            b"hello\r\n",
        ] {
            assert!(answered(bytes).is_err());
        }
    }

    #[test]
    fn a_form_is_escaped() {
        assert_eq!(form(&[("a b", "1&2"), ("c", "")]), "a%20b=1%262&c=");
    }
}
