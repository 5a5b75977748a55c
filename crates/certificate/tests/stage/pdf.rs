//! A PDF of one or more A4 pages with codes, written by hand.

use certificate::qr::QrMatrix;

/// Millimetres in points.
const MM: f64 = 72.0 / 25.4;

/// How codes are drawn.
#[derive(Clone, Copy)]
pub enum Drawing {
    /// A rectangle for each run of dark modules.
    Rectangles,
    /// A 1-bit image.
    Image,
}

/// A code on a page: modules of so many millimetres, its upper left corner at so many
/// millimetres from the page's.
pub struct Placed<'a> {
    pub code: &'a QrMatrix,
    pub module_mm: f64,
    pub at_mm: (f64, f64),
}

/// A document with these pages.
pub fn pdf(pages: &[Vec<Placed<'_>>], drawing: Drawing) -> Vec<u8> {
    let mut objects = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), Vec::new()];
    let mut kids = String::new();
    for page in pages {
        let mut content = Vec::new();
        let mut images = String::new();
        for placed in page {
            match drawing {
                Drawing::Rectangles => content.extend(rectangles(placed)),
                Drawing::Image => {
                    objects.push(image(placed.code));
                    let name = objects.len();
                    images += &format!("/I{name} {name} 0 R ");
                    content.extend(image_drawn(placed, name));
                }
            }
        }
        objects.push(stream("", &content));
        let contents = objects.len();
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.276 841.89] \
                 /Resources << /XObject << {images}>> >> /Contents {contents} 0 R >>"
            )
            .into_bytes(),
        );
        kids += &format!("{} 0 R ", objects.len());
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).into_bytes();
    document(&objects)
}

/// A stream object with these entries of its dictionary.
pub fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {entries} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    object.extend_from_slice(bytes);
    object.extend_from_slice(b"\nendstream");
    object
}

/// A document of these objects, numbered from 1; the first is the catalog.
pub fn document(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n", at + 1).into_bytes());
        pdf.extend_from_slice(object);
        pdf.extend_from_slice(b"\nendobj\n");
    }
    let table = pdf.len();
    pdf.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        pdf.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    pdf.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .into_bytes(),
    );
    pdf
}

fn rectangles(placed: &Placed<'_>) -> Vec<u8> {
    let module = placed.module_mm * MM;
    let (left, top) = (placed.at_mm.0 * MM, 841.89 - placed.at_mm.1 * MM);
    let mut content = String::new();
    for run in placed.code.dark_runs() {
        let (x, y) = (
            left + run.x as f64 * module,
            top - (run.y + 1) as f64 * module,
        );
        let width = run.length as f64 * module;
        content += &format!("{x:.3} {y:.3} {width:.3} {module:.3} re\n");
    }
    content += "f\n";
    content.into_bytes()
}

fn image(code: &QrMatrix) -> Vec<u8> {
    let size = code.size();
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {size} /Height {size} /BitsPerComponent 1 \
         /ColorSpace /DeviceGray /Decode [1 0] /Interpolate false"
    );
    stream(&entries, &code.packed_rows())
}

fn image_drawn(placed: &Placed<'_>, name: usize) -> Vec<u8> {
    let side = placed.code.size() as f64 * placed.module_mm * MM;
    let (left, top) = (placed.at_mm.0 * MM, 841.89 - placed.at_mm.1 * MM);
    format!(
        "q {side:.3} 0 0 {side:.3} {left:.3} {:.3} cm /I{name} Do Q\n",
        top - side
    )
    .into_bytes()
}
