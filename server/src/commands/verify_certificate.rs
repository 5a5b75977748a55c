//! `server verify-certificate`

use std::path::Path;
use std::process::ExitCode;

use super::Failure;
use super::trust::Trust;

pub(super) fn run(file: &Path, trust: Option<&Path>) -> Result<ExitCode, Failure> {
    let _ = (file, trust.map(Trust::load).transpose()?);
    Err("to be written".into())
}
