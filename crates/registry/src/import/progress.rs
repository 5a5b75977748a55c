//! How far an import is.

/// What an import does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStep {
    /// Files are read, and their rows checked and sealed: counted by whoever opened the files.
    Reading,
    /// Rows are compared with what is registered; so many rows.
    Checking,
    /// Rows are stored; so many rows.
    Landing,
}

/// Who wants to know how far an import is.
pub trait ImportProgress: Send + Sync {
    /// A step begins, of so many units.
    fn begin(&self, step: ImportStep, units: u64);
    /// So many units more are done.
    fn advance(&self, units: u64);
}

/// Nobody wants to know.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl ImportProgress for Unwatched {
    fn begin(&self, _: ImportStep, _: u64) {}
    fn advance(&self, _: u64) {}
}
