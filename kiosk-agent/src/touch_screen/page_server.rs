//! Serves the page and its one WebSocket, on a loopback address. Whatever runs on this machine can
//! connect, and whatever a browser has open can make it connect: hosts and origins are checked,
//! and everything is bounded.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::display::{Display, Seat};
use super::files::{PageFile, file};
use super::socket;
use super::touch::LONGEST_TOUCH;
use crate::browser::{Entrance, PASS};
use crate::stop::StopSignal;

/// Connections at once: a browser has a handful.
const MOST_CONNECTIONS: usize = 32;

/// How long the head of a request may take to arrive, and a kept connection may be silent.
const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// Most bytes of a request's head.
const LONGEST_HEAD: usize = 16 * 1024;

/// After `accept` failed, so that a lack of file descriptors is no busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What the page may do: what comes from here, and nothing else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// On every response.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// The page's server, bound and not serving yet.
#[derive(Debug)]
pub struct PageServer {
    socket: TcpListener,
    page: Arc<Page>,
}

#[derive(Debug)]
struct Page {
    display: Display,
    entrance: Entrance,
    /// By which names the page may be asked for: others point here by DNS.
    hosts: [String; 2],
}

impl PageServer {
    /// Binds the address, for browsers that the entrance admits.
    ///
    /// # Errors
    /// Whatever the operating system says; an address that is no loopback one.
    pub async fn bind(
        address: SocketAddr,
        display: Display,
        entrance: Entrance,
    ) -> io::Result<Self> {
        if !address.ip().is_loopback() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let socket = TcpListener::bind(address).await?;
        let bound = socket.local_addr()?;
        let hosts = [bound.to_string(), format!("localhost:{}", bound.port())];
        Ok(Self {
            socket,
            page: Arc::new(Page {
                display,
                entrance,
                hosts,
            }),
        })
    }

    /// The address that it is bound to.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until told to stop.
    pub async fn serve(self, stop: StopSignal) {
        let router = router(self.page);
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        loop {
            let accepted = tokio::select! {
                () = stop.on() => return,
                accepted = self.socket.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    // One too many is closed at once.
                    if let Ok(place) = places.clone().try_acquire_owned() {
                        let (router, stop) = (router.clone(), stop.clone());
                        tokio::spawn(async move {
                            connection(stream, router, stop).await;
                            drop(place);
                        });
                    }
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    }
}

async fn connection(stream: TcpStream, router: Router, stop: StopSignal) {
    // A touch and its view are small: waiting to fill packets only costs time.
    let _ = stream.set_nodelay(true);
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(LONGEST_HEAD);
    let serving = http
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades();
    tokio::select! {
        // How a browser ends its connection is its own affair.
        _ = serving => {}
        () = stop.on() => {}
    }
}

fn router(page: Arc<Page>) -> Router {
    Router::new()
        .route("/screen", get(screen))
        .fallback(page_file)
        .layer(axum::middleware::from_fn_with_state(page.clone(), guard))
        .with_state(page)
}

/// Lets in what this very page asks, and says with every answer what browsers may do with it.
async fn guard(State(page): State<Arc<Page>>, request: Request<Body>, next: Next) -> Response {
    let mut response = if page.admits(&request) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

impl Page {
    fn admits(&self, request: &Request<Body>) -> bool {
        let said = |name| {
            let mut values = request.headers().get_all(name).iter();
            match (values.next(), values.next()) {
                (None, _) => Some(None),
                (Some(value), None) => value.to_str().ok().map(Some),
                (Some(_), Some(_)) => None,
            }
        };
        let (Some(Some(host)), Some(origin)) = (said(header::HOST), said(header::ORIGIN)) else {
            return false;
        };
        let is_upgrade = request.headers().contains_key(header::UPGRADE);
        let origin_fits = match origin {
            Some(origin) => origin.strip_prefix("http://") == Some(host),
            // A browser always names the origin of a WebSocket.
            None => !is_upgrade,
        };
        request.method() == Method::GET && self.hosts.iter().any(|own| own == host) && origin_fits
    }

    /// The pass in the address, as a cookie: so the page need not know that there is one.
    fn cookie(&self, uri: &Uri) -> Option<HeaderValue> {
        let pass = uri.query()?.strip_prefix(PASS)?.strip_prefix('=')?;
        let cookie = format!("{PASS}={pass}; Path=/screen; HttpOnly; SameSite=Strict");
        let is_expected = self.entrance.admits(Some(pass));
        is_expected.then(|| HeaderValue::try_from(cookie).ok())?
    }

    /// The page's place for whoever has this pass, or none.
    async fn seat(&self, pass: Option<&str>) -> Option<Seat> {
        if !self.entrance.admits(pass) {
            return None;
        }
        if self.entrance.replaces(pass) {
            self.display.vacate().await;
        }
        let seat = self.display.take_seat()?;
        self.entrance.entered(pass);
        Some(seat)
    }
}

/// The pass that a browser has been given.
fn pass(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut cookies = cookies.split("; ");
    cookies.find_map(|cookie| cookie.strip_prefix(PASS)?.strip_prefix('='))
}

async fn page_file(State(page): State<Arc<Page>>, uri: Uri) -> Response {
    let Some(PageFile {
        content,
        media_type,
    }) = file(uri.path())
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = ([(header::CONTENT_TYPE, media_type)], content).into_response();
    if let Some(cookie) = page.cookie(&uri) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The one WebSocket. While it is taken, whoever asks is told so in words for the page.
async fn screen(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let taken = || (StatusCode::CONFLICT, Display::taken_words()).into_response();
    let Ok(upgrade) = upgrade else {
        let may_enter = page.entrance.admits(pass(&headers));
        return if *page.display.connected().borrow() || !may_enter {
            taken()
        } else {
            StatusCode::UPGRADE_REQUIRED.into_response()
        };
    };
    let Some(seat) = page.seat(pass(&headers)).await else {
        return taken();
    };
    upgrade
        .max_message_size(LONGEST_TOUCH)
        .max_frame_size(LONGEST_TOUCH)
        .on_upgrade(move |socket| socket::talk(socket, seat))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Pass;
    use crate::session::Patience;
    use crypto::SystemRandom;

    fn page() -> Page {
        Page {
            display: Display::new(Patience::new()),
            entrance: Entrance::for_the_started(),
            hosts: ["127.0.0.1:1", "localhost:1"].map(str::to_owned),
        }
    }

    fn expected(page: &Page) -> Pass {
        let pass = Pass::new(&SystemRandom);
        page.entrance.expect(pass.clone());
        pass
    }

    #[tokio::test]
    async fn only_the_browser_that_was_started_is_given_the_screen() {
        let page = page();
        for pass in [None, Some(""), Some("x")] {
            assert!(page.seat(pass).await.is_none(), "before any: {pass:?}");
        }
        let (first, another) = (expected(&page), Pass::new(&SystemRandom));
        for pass in [None, Some(""), Some(another.as_str())] {
            assert!(page.seat(pass).await.is_none(), "{pass:?}");
        }
        let seat = page.seat(Some(first.as_str())).await.unwrap();
        assert!(page.seat(Some(first.as_str())).await.is_none(), "a second");

        // The next one takes its place.
        let next = expected(&page);
        let going = tokio::spawn(async move {
            seat.vacated().await;
            drop(seat);
        });
        assert!(page.seat(Some(first.as_str())).await.is_none(), "the old");
        let seat = page.seat(Some(next.as_str())).await;
        assert!(seat.is_some());
        going.await.unwrap();
    }

    #[test]
    fn a_pass_becomes_a_cookie_where_it_is_the_one_that_is_expected() {
        let page = page();
        let uri = |query: &str| format!("/?{query}").parse::<Uri>().unwrap();
        let pass = Pass::new(&SystemRandom);
        let asked = uri(&format!("{PASS}={}", pass.as_str()));
        assert_eq!(page.cookie(&asked), None);
        page.entrance.expect(pass.clone());
        let cookie = page.cookie(&asked).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with(&format!("{PASS}={};", pass.as_str())));
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        let mut headers = HeaderMap::new();
        let sent = cookie.split(';').next().unwrap();
        headers.insert(header::COOKIE, format!("a=b; {sent}").parse().unwrap());
        assert_eq!(super::pass(&headers), Some(pass.as_str()));
        for other in ["", "pass", "pass=x", "other=x"] {
            assert_eq!(page.cookie(&uri(other)), None, "{other}");
        }
    }
}
