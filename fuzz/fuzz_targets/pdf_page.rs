//! A PDF: the bytes as a document, and as the content of a page in one.
#![no_main]

use certificate::read_back::from_pdf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = from_pdf(bytes);
    let _ = from_pdf(&page(bytes));
});

/// A small page with this content.
fn page(content: &[u8]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
        2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
        3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] /Resources << >> \
        /Contents 4 0 R >>\nendobj\n4 0 obj\n"
        .to_vec();
    pdf.extend_from_slice(format!("<< /Length {} >>\nstream\n", content.len()).as_bytes());
    pdf.extend_from_slice(content);
    pdf.extend_from_slice(b"\nendstream\nendobj\ntrailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n");
    pdf
}
