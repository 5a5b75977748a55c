//! docs/DATA.md names every column, and no other.
