//! The WebSocket to the page: views out, touches in.

use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use bytes::{BufMut as _, Bytes, BytesMut};
use tokio::time::{Instant, interval, timeout};

use super::display::{Frame, Seat};
use super::shown::Picture;
use super::touch::Touch;

/// How often the page is asked whether it is still there.
const PING: Duration = Duration::from_secs(5);

/// A page that says nothing for so long, not even to that, is gone.
const SILENCE: Duration = Duration::from_secs(15);

/// How long the page may take to take a message.
const SEND_LIMIT: Duration = Duration::from_secs(5);

/// So many messages that are no touches end a connection.
const MOST_MALFORMED: u8 = 10;

/// Why nobody talks to this page any more.
struct Gone;

/// Sends every view, the last where several came at once, and takes touches until the page goes.
pub(super) async fn talk(mut socket: WebSocket, seat: Seat) {
    // How it went does not matter: the seat is free again.
    let _ = converse(&mut socket, &seat).await;
    drop(seat);
    let _ = timeout(SEND_LIMIT, socket.send(Message::Close(None))).await;
}

async fn converse(socket: &mut WebSocket, seat: &Seat) -> Result<(), Gone> {
    let mut frames = seat.frames();
    let mut picture = None;
    let mut ping = interval(PING);
    let mut heard = Instant::now();
    let mut malformed = 0;
    let mut vacated = std::pin::pin!(seat.vacated());
    frames.mark_changed();
    loop {
        tokio::select! {
            () = &mut vacated => return Err(Gone),
            changed = frames.changed() => {
                changed.map_err(|_| Gone)?;
                let frame = frames.borrow_and_update().clone();
                show(socket, &frame, &mut picture).await?;
            }
            message = socket.recv() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Text(text))) => match Touch::parse(&text) {
                        Ok(touch) => seat.touch(touch),
                        Err(_) if malformed == MOST_MALFORMED => return Err(Gone),
                        Err(_) => malformed += 1,
                    },
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => {
                        return Err(Gone);
                    }
                }
            }
            _ = ping.tick() => {
                if heard.elapsed() > SILENCE {
                    return Err(Gone);
                }
                send(socket, Message::Ping(Bytes::new())).await?;
            }
        }
    }
}

/// The view; before it the picture that it needs, once.
async fn show(socket: &mut WebSocket, frame: &Frame, sent: &mut Option<u32>) -> Result<(), Gone> {
    if let Some(picture) = &frame.picture
        && *sent != Some(picture.id)
    {
        *sent = Some(picture.id);
        send(socket, Message::Binary(numbered(picture))).await?;
    }
    let view = serde_json::to_string(frame.view.as_ref()).map_err(|_| Gone)?;
    send(socket, Message::Text(view.into())).await
}

/// Its number as four bytes, the most significant first, then the PNG.
fn numbered(picture: &Picture) -> Bytes {
    let png = picture.page.png();
    let mut message = BytesMut::with_capacity(4 + png.len());
    message.put_u32(picture.id);
    message.put_slice(png);
    message.freeze()
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Gone> {
    match timeout(SEND_LIMIT, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Gone),
    }
}
