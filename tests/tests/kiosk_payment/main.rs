//! The fee: taken, changed, kept and given back by real protocols against simulated devices, with
//! everything that goes wrong between a coin and its account.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod account;
mod balance;
mod cashless;
mod coins;
mod liars;
mod shop;
mod uncertain;
