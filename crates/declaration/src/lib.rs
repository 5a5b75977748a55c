//! A municipality's declaration (`municipality.toml`): what its assessment (特定個人情報保護評価書)
//! declares, in machine-readable form. What it does not declare is off (C39).
//!
//! ```text
//! Municipality::parse(text) ─ facts: name, fee, hours, channels
//!                           └ one section a function: [export] legal_basis, from, until, own keys
//! municipality.declared::<Export>(day) ─ Declared<Export>: the proof that it is on that day
//! ```
//!
//! A function of the register is reached with a [`Declared`] only. It has no public constructor: it
//! comes out of a declaration, for a day within the declared period, or not at all.

mod day;
mod error;
mod functions;
mod municipality;
mod period;
mod section;
mod sections;

pub use error::{DeclarationFault, InvalidDeclaration};
pub use functions::{
    Counts, Disclosure, DiseaseWords, Export, Inquiry, Reports, Retained, Retention, Venues,
};
pub use municipality::{HIGHEST_FEE, Minute, Municipality};
pub use period::{InvalidPeriod, Period};
pub use section::{Declared, Function, NotDeclared};
pub use sections::{FunctionState, StateOfFunction};
