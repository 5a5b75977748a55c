//! The published files: keys, revocation lists, CSCA, verification page. Anyone may read them,
//! from any origin.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use tower_http::cors::{Any, CorsLayer};
use tower_http::services::ServeDir;

/// Verifiers may keep a file so long, in seconds: a revocation is seen by then.
const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Serves a folder, and of it only files of the kinds that are published.
pub(super) fn service(folder: &Path) -> Router {
    let files = ServeDir::new(folder).append_index_html_on_directories(false);
    let anyone = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD]);
    Router::new()
        .fallback_service(files)
        .layer(axum::middleware::from_fn(published_kinds_only))
        .layer(anyone)
}

async fn published_kinds_only(request: Request, next: Next) -> Response {
    let Some(kind) = media_type(request.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = next.run(request).await;
    if response.status().is_success() {
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(CACHE_CONTROL, KEEP);
    }
    response
}

/// The media type of a published file; `None` for what is never published, such as a key that
/// somebody left in the folder.
fn media_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    match extension {
        "json" => Some("application/json"),
        // RFC 2585, section 4
        "der" => Some("application/pkix-cert"),
        "crl" => Some("application/pkix-crl"),
        "html" => Some("text/html; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "txt" => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_published_kinds_have_a_media_type() {
        assert_eq!(
            media_type("/.well-known/jwks.json"),
            Some("application/json")
        );
        assert_eq!(media_type("/csca.der"), Some("application/pkix-cert"));
        for path in ["/relay.key.pem", "/", "/.well-known/", "/a.json/b", "/json"] {
            assert_eq!(media_type(path), None, "{path}");
        }
    }
}
