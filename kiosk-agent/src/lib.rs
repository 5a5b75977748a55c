//! The kiosk: card, PIN, application, printer. It keeps nothing.
//!
//! [`session`] is what happens with one resident; [`card`], [`payment`], [`printer`] and
//! [`server_link`] are the devices it goes through, [`screens`] what it says, [`touch_screen`]
//! where it says it, [`browser`] what shows that.

pub mod browser;
pub mod card;
pub mod commands;
pub mod devices;
pub mod enrolment;
pub mod hardening;
pub mod health;
pub mod payment;
pub mod printer;
pub mod screens;
pub mod server_link;
pub mod service_manager;
pub mod serving;
pub mod session;
pub mod settings;
pub mod staff;
pub mod stop;
mod texts;
pub mod tls;
pub mod touch_screen;
mod voice;
