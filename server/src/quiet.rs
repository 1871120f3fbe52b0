//! Connections on which nothing happens are closed: whoever opens thousands and says nothing must not keep others out.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Instant, Sleep},
};

/// How long no byte may move in either direction. A page may be computed for a minute meanwhile
/// ([`crate::http`]'s limit), and browsers keep a connection for the next one.
const SILENCE_MAX: Duration = Duration::from_secs(120);

/// Hands out connections that give up after [`SILENCE_MAX`].
pub(crate) struct QuietListener(pub(crate) TcpListener);

impl Listener for QuietListener {
    type Io = Quiet<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        (Quiet::new(stream), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Connected<IncomingStream<'_, QuietListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, QuietListener>) -> Peer {
        Peer(*stream.remote_addr())
    }
}

/// A stream that fails when it is silent for too long.
pub(crate) struct Quiet<S> {
    stream: S,
    until: Pin<Box<Sleep>>,
}

impl<S> Quiet<S> {
    fn new(stream: S) -> Self {
        Self { stream, until: Box::pin(tokio::time::sleep(SILENCE_MAX)) }
    }

    /// Begins to wait anew after something moved, and fails what has waited for too long.
    fn judge<T>(&mut self, moved: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if moved.is_ready() {
            self.until.as_mut().reset(Instant::now() + SILENCE_MAX);
            return moved;
        }
        self.until.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Quiet<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let moved = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.judge(moved, context)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Quiet<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let moved = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(moved, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let moved = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.judge(moved, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_closed_when_nothing_moved_for_too_long_and_not_before() {
        let (near, mut far) = tokio::io::duplex(64);
        let mut near = Quiet::new(near);
        let begun = Instant::now();
        for _ in 0..3 {
            tokio::time::sleep(SILENCE_MAX / 2).await;
            far.write_all(b"x").await.unwrap();
            assert_eq!(near.read_u8().await.unwrap(), b'x');
        }
        // A download is read by nobody but its reader.
        for _ in 0..3 {
            tokio::time::sleep(SILENCE_MAX / 2).await;
            near.write_all(b"y").await.unwrap();
        }
        let spoke = begun.elapsed();
        assert_eq!(near.read_u8().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!((begun.elapsed() - spoke).as_secs(), SILENCE_MAX.as_secs());
    }
}
