//! Cards and telephones by MDB/ICP (NAMA, version 4.2, section 7): cashless device 1 on the bus,
//! this side the vending machine's controller.
//!
//! What makes it fit for money that may have to go back: a vend that was approved is charged for
//! good by VEND SUCCESS only. VEND FAILURE gives it back, and so does a reset of the reader.

mod adaptor;
mod reader;

pub(super) use adaptor::MdbError;
pub(super) use reader::{CashlessReader, Heard, Told};
