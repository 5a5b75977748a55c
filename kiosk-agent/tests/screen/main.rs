//! The page's server as a browser sees it, and as whoever else runs on the machine does.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod page;
mod socket;

use std::net::SocketAddr;

use kiosk_agent::browser::Entrance;
use kiosk_agent::session::Patience;
use kiosk_agent::stop::{StopSwitch, stop_switch};
use kiosk_agent::touch_screen::{Display, PageServer};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite;

/// A screen that is served, and nobody's session.
struct Served {
    address: SocketAddr,
    _stop: StopSwitch,
}

async fn served() -> Served {
    served_to(Entrance::for_anybody()).await
}

async fn served_to(entrance: Entrance) -> Served {
    let display = Display::new(Patience::new());
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = PageServer::bind(any, display, entrance).await.unwrap();
    let address = server.address().unwrap();
    let (switch, stop) = stop_switch();
    tokio::spawn(server.serve(stop));
    Served {
        address,
        _stop: switch,
    }
}

type Connected = WebSocketStream<TcpStream>;

impl Served {
    /// Connects as a page of this origin; the refusal's status.
    async fn connect_as(&self, origin: Option<&str>) -> Result<Connected, u16> {
        let mut request = tungstenite::http::Request::builder()
            .uri(format!("ws://{}/screen", self.address))
            .header("host", self.address.to_string())
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        let request = request.body(()).unwrap();
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(socket),
            Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("no answer at all: {error}"),
        }
    }

    async fn connect(&self) -> Result<Connected, u16> {
        let origin = format!("http://{}", self.address);
        self.connect_as(Some(&origin)).await
    }
}
