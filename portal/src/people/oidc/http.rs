//! How the provider is asked: the only requests that this program makes. Each has an end and a size, follows no redirect
//! (an answer must not send us to another address) and carries no cookie.

use std::future::Future;
use std::io::Cursor;
use std::pin::Pin;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::TokioExecutor;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// How long one exchange may take, from the look-up of the name to the last octet. A sign-in has up to four, and a page
/// stays blank meanwhile.
const EXCHANGE_TIME_MAX: Duration = Duration::from_secs(5);
/// Octets of an answer: the keys and the metadata of the largest providers have some ten thousand.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

type Outgoing = Full<Cursor<Vec<u8>>>;

/// Why an exchange came to nothing. Nothing of the answer is in it.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpFault {
    #[error("it took longer than {} s", EXCHANGE_TIME_MAX.as_secs())]
    Slow,
    #[error("the answer is larger than {} KiB", ANSWER_BYTES_MAX / 1024)]
    Large,
    #[error("the request could not be sent")]
    Unsent(#[source] hyper_util::client::legacy::Error),
    #[error("the answer could not be read")]
    Unread,
}

/// What asks the provider.
pub(super) enum Http {
    /// Over TLS and over nothing else.
    Tls(Client<HttpsConnector<HttpConnector>, Outgoing>),
    /// A provider on this machine, to try and to test with.
    Loopback(Client<HttpConnector, Outgoing>),
}

impl Http {
    /// Trusts the certificates that the machine trusts: a provider may be the company's own.
    ///
    /// # Errors
    /// The machine has none.
    pub(super) fn tls() -> std::io::Result<Http> {
        let connector = HttpsConnectorBuilder::new().with_native_roots()?.https_only().enable_http1().build();
        Ok(Http::Tls(client(connector)))
    }

    pub(super) fn loopback() -> Http {
        Http::Loopback(client(HttpConnector::new()))
    }
}

/// No connection is kept: people sign in now and then, and a kept one would be found closed.
fn client<C: Connect + Clone>(connector: C) -> Client<C, Outgoing> {
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector)
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let exchange = async {
                match self {
                    Http::Tls(client) => exchange(client, request).await,
                    Http::Loopback(client) => exchange(client, request).await,
                }
            };
            tokio::time::timeout(EXCHANGE_TIME_MAX, exchange).await.unwrap_or(Err(HttpFault::Slow))
        })
    }
}

async fn exchange<C>(client: &Client<C, Outgoing>, request: HttpRequest) -> Result<HttpResponse, HttpFault>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let request = request.map(|body| Full::new(Cursor::new(body)));
    let (parts, body) = client.request(request).await.map_err(HttpFault::Unsent)?.into_parts();
    let body = Limited::new(body, ANSWER_BYTES_MAX)
        .collect()
        .await
        .map_err(|error| if error.is::<LengthLimitError>() { HttpFault::Large } else { HttpFault::Unread })?;
    Ok(HttpResponse::from_parts(parts, body.to_bytes().into()))
}
