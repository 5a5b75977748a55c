//! What can be declared, and the keys of each.

mod counts;
mod disclosure;
mod export;
mod inquiry;
mod reports;
mod retention;
mod venues;

pub use counts::Counts;
pub use disclosure::Disclosure;
pub use export::Export;
pub use inquiry::Inquiry;
pub use reports::Reports;
pub use retention::{Retained, Retention};
pub use venues::{DiseaseWords, Venues};
