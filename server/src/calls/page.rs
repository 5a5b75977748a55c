//! A page, made off the threads that serve connections: it is milliseconds of plain computing.

use std::sync::Arc;

use application::Bytes;
use issuance::page::RenderError;

use crate::service::Service;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// It was not made.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The thread that made it ended before its time.
    #[error("rendering was stopped")]
    Stopped,
}

/// The page that this makes.
pub(super) async fn page(
    service: &Arc<Service>,
    render: impl FnOnce(&Service) -> Result<Vec<u8>, RenderError> + Send + 'static,
) -> Result<Bytes, PageError> {
    let service = Arc::clone(service);
    let rendered = tokio::task::spawn_blocking(move || render(&service));
    Ok(rendered.await.map_err(|_| PageError::Stopped)??.into())
}
