//! Anchoring the audit record while the server serves: at the start, at intervals, at the end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::service::Service;

/// Anchors until stopped, and once more then.
pub async fn until_stopped(service: Arc<Service>, mut stopped: watch::Receiver<bool>) {
    let minutes = u64::from(service.settings.audit.every_minutes.get());
    let mut ticks = tokio::time::interval(Duration::from_secs(minutes * 60));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stopped = async move {
        // An error says that the sender is gone: stopped too.
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    tokio::pin!(stopped);
    loop {
        tokio::select! {
            _ = ticks.tick() => anchor(&service).await,
            () = &mut stopped => break,
        }
    }
    anchor(&service).await;
}

async fn anchor(service: &Service) {
    match service.registry.anchor_audit(&service.anchoring).await {
        Ok(anchored) => {
            tracing::info!(heads = anchored.heads, "audit heads anchored");
            for (chain, fault) in anchored.broken {
                tracing::error!(%chain, %fault, "audit chain does not hold: head not signed");
            }
        }
        // Certificates are issued all the same; what is not anchored now is anchored next time.
        Err(error) => tracing::error!(%error, "audit heads not anchored"),
    }
}
