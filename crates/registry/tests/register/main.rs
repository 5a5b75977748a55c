//! The register from outside: what any storage behind it has to keep.

mod audit;
mod canaries;
mod certificates;
mod concurrency;
mod data_document;
mod faults;
mod handles;
mod import;
mod issuing;
mod killed;
mod lookup;
mod support;
mod system;
