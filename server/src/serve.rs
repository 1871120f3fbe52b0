//! `switchback serve`: opens the database, listens, and stops in an orderly way.

use std::{sync::Arc, time::Duration};

use axum::Router;
use portal::{Portal, Provider};
use tokio::net::TcpListener;

use crate::{
    assets,
    commands::Failure,
    http::{self, Site},
    quiet::{Peer, QuietListener},
    settings::Settings,
};

/// How long requests under way are waited for after the signal to stop, and then the database: a request that never
/// arrives whole must not keep the process.
const STOPPING_TIME_MAX: Duration = Duration::from_secs(10);

/// How long jobs are waited for before they are stopped, and roll back.
const JOBS_TIME_MAX: Duration = Duration::from_secs(5);

/// Serves until Ctrl-C or SIGTERM; requests under way are finished.
pub(crate) async fn run(settings: Settings, portal: Portal) -> Result<(), Failure> {
    let portal = match settings.oidc {
        Some(provider) => portal.with_provider(Provider::new(provider)?),
        None => portal,
    };
    if !assets::are_built() {
        tracing::warn!(
            "the browser's half is not built in: previews and live checks are off; use `cargo xtask run`"
        );
    }
    if settings.public.is_some() && !settings.behind_proxy {
        tracing::warn!(
            "--public-url without --behind-proxy: if a proxy stands before this server, everybody is its address"
        );
    }
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|e| format!("cannot listen on {}: {e}", settings.listen))?;
    let address = listener.local_addr()?;
    println!("Switchback is at http://{address} (database: {})", portal.database());
    let site = Site {
        portal: portal.clone(),
        port: address.port(),
        public: settings.public,
        behind_proxy: settings.behind_proxy,
        answers: Arc::default(),
    };
    serve(listener, http::router(site), stopped, STOPPING_TIME_MAX).await?;
    portal.end_jobs(JOBS_TIME_MAX).await;
    if tokio::time::timeout(STOPPING_TIME_MAX, portal.close()).await.is_err() {
        tracing::warn!("the database did not close in time; what was not committed is rolled back");
    }
    Ok(())
}

/// Serves until `stop` is done, and then for `patience` at most.
async fn serve<F>(
    listener: TcpListener,
    router: Router,
    stop: impl Fn() -> F,
    patience: Duration,
) -> std::io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let service = router.into_make_service_with_connect_info::<Peer>();
    let serving = axum::serve(QuietListener(listener), service).with_graceful_shutdown(stop());
    let lost_patience = async {
        stop().await;
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        ended = serving.into_future() => ended,
        () = lost_patience => {
            tracing::warn!("some requests did not end in time and were cut off");
            Ok(())
        }
    }
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    // Without signals the process can still be ended from outside; nothing confirmed is lost then.
    let _ = interrupt.await;
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    #[tokio::test]
    async fn a_request_that_never_arrives_whole_does_not_keep_the_process() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut caller = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        caller.write_all(b"GET / HTTP/1.1\r\nHost: loc").await.unwrap();
        let stop = || tokio::time::sleep(Duration::from_millis(100));
        let serving = serve(listener, Router::new(), stop, Duration::from_millis(100));
        tokio::time::timeout(Duration::from_secs(5), serving).await.unwrap().unwrap();
    }
}
