//! Problem documents, which anybody between can say: read or refused.
#![no_main]

use application::ReportedProblem;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    if let Ok(ReportedProblem::Known(problem)) = ReportedProblem::parse(json) {
        let written = ReportedProblem::parse(&problem.to_json());
        assert_eq!(written, Ok(ReportedProblem::Known(problem)));
    }
});
