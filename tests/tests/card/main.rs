//! The card: read by the kiosk's own code out of a real PC/SC reader, and everything that goes
//! wrong there; and its verification with cards that lie.

mod faults;
mod peers;
mod pin;
mod readers;
mod reading;
mod table;
mod verification;
