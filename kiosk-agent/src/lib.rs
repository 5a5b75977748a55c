//! The kiosk: card, PIN, application, printer. It keeps nothing.

pub mod card;
pub mod hardening;
pub mod printer;
pub mod server_link;
pub mod settings;
pub mod stop;
pub mod tls;
