//! `switchback serve`: opens the database, listens, and stops in an orderly way.

use portal::Portal;

use crate::{
    assets,
    commands::Failure,
    http::{self, Site},
    settings::Settings,
};

/// Serves until Ctrl-C or SIGTERM; requests under way are finished.
pub(crate) async fn run(settings: Settings, portal: Portal) -> Result<(), Failure> {
    if !assets::are_built() {
        tracing::warn!(
            "the browser's half is not built in: previews and live checks are off; use `cargo xtask run`"
        );
    }
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .map_err(|e| format!("cannot listen on {}: {e}", settings.listen))?;
    let address = listener.local_addr()?;
    println!("Switchback is at http://{address} (database: {})", portal.database());
    axum::serve(listener, http::router(Site { portal: portal.clone() }))
        .with_graceful_shutdown(stopped())
        .await?;
    portal.close().await;
    Ok(())
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
