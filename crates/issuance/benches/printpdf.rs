//! The same page by `printpdf`, for ADR 0006: `cargo bench -p issuance --bench printpdf`.
//!
//! As fast as we could make it: the labels' fonts are subset once and parsed once, glyph ids are
//! looked up by us, the fixed marks are turned into operations once, the codes are 1-bit images
//! of their own stream, and the name's glyphs are subset outside of what is measured. What
//! remains is `printpdf`'s own work.

#![allow(missing_docs)] // a benchmark's functions are its documentation
#![allow(clippy::unwrap_used, clippy::expect_used)] // a benchmark that cannot run stops
#![allow(clippy::print_stdout)] // the lengths of the documents

#[path = "../tests/parts/mod.rs"]
mod parts;

use std::collections::BTreeMap;

use certificate::read_back::from_pdf;
use divan::Bencher;
use domain::CertificateKind::Abroad;
use issuance::fonts::{FontSlot, Run};
use issuance::page::another_writer::{Picture, fixed_marks, own_marks};
use issuance::page::marks::Mark;
use issuance::page::measures::{Length, SHEET_HEIGHT};
use issuance::{FontFile, FontPaths, Signed, page};
use parts::certificates::{OPTIONS, certificate, signed};
use parts::fonts;
use printpdf::{
    Codepoint, DictItem, ExternalStream, ExternalXObject, FontId, Line, LinePoint, Mm, Op,
    PaintMode, ParsedFont, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Pt, Px,
    Rect, TextItem, XObjectTransform,
};
use subsetter::GlyphRemapper;

fn main() {
    let signed = signed(certificate(Abroad, 3));
    let bench = Prepared::new(&signed);
    println!("ours: {} bytes", ours(&signed).len());
    for optimize in [false, true] {
        let document = bench.document(&signed, optimize);
        println!("printpdf, optimize {optimize}: {} bytes", document.len());
        let codes = from_pdf(&document).expect("it is a page like ours");
        assert_eq!(codes.len(), 2, "both codes are read back");
    }
    divan::main();
}

fn ours(signed: &Signed) -> Vec<u8> {
    page::render(signed, fonts(), &OPTIONS).unwrap()
}

#[divan::bench]
fn our_writer(bencher: Bencher<'_, '_>) {
    let signed = signed(certificate(Abroad, 3));
    bencher.bench(|| ours(&signed));
}

/// `optimize`: streams deflated. Without it the fonts are embedded as they are.
#[divan::bench(args = [false, true])]
fn printpdf_optimize(bencher: Bencher<'_, '_>, optimize: bool) {
    let signed = signed(certificate(Abroad, 3));
    let prepared = Prepared::new(&signed);
    bencher.bench(|| prepared.document(&signed, optimize));
}

/// A subset font as `printpdf` takes it, and the new id of each character or glyph.
struct Subset {
    parsed: ParsedFont,
    ids: BTreeMap<u32, u16>,
}

struct Prepared {
    labels: Subset,
    headings: Subset,
    name: Subset,
    fixed: Vec<Mark>,
}

impl Prepared {
    fn new(signed: &Signed) -> Self {
        let fixed = fixed_marks(signed, fonts()).unwrap();
        let (own, _) = own_marks(signed, fonts(), &OPTIONS).unwrap();
        let runs = || fixed.iter().chain(own.iter().flatten()).filter_map(run);
        let paths = FontPaths::default();
        Self {
            labels: by_character(&paths.labels, FontSlot::Labels, runs()),
            headings: by_character(&paths.headings, FontSlot::Headings, runs()),
            name: subset(
                &paths.names[0],
                runs()
                    .filter(|run| run.font == FontSlot::Name(0))
                    .flat_map(|run| &run.glyphs)
                    .map(|glyph| (u32::from(glyph.id), glyph.id)),
            ),
            fixed,
        }
    }

    fn document(&self, signed: &Signed, optimize: bool) -> Vec<u8> {
        let (sheets, pictures) = own_marks(signed, fonts(), &OPTIONS).unwrap();
        let mut document = PdfDocument::new("予防接種証明書 Vaccination Certificate");
        let ids = [&self.labels, &self.headings, &self.name]
            .map(|subset| document.add_font(&subset.parsed));
        let images: Vec<_> = pictures
            .iter()
            .map(|picture| document.add_xobject(&image(picture)))
            .collect();
        let mut operations = Vec::with_capacity(1024);
        for mark in self.fixed.iter().chain(&sheets[0]) {
            match mark {
                Mark::Text { x, y, size, run } => {
                    self.text(&mut operations, &ids, (*x, *y), *size, run);
                }
                Mark::Rule {
                    from,
                    to,
                    thickness,
                } => {
                    operations.push(Op::SetOutlineThickness { pt: pt(*thickness) });
                    let points = [from, to].map(|(x, y)| LinePoint {
                        p: point(*x, *y),
                        bezier: false,
                    });
                    operations.push(Op::DrawLine {
                        line: Line {
                            points: points.to_vec(),
                            is_closed: false,
                        },
                    });
                }
                Mark::Frame {
                    x,
                    y,
                    width,
                    height,
                    thickness,
                } => {
                    operations.push(Op::SetOutlineThickness { pt: pt(*thickness) });
                    operations.push(Op::DrawRectangle {
                        rectangle: Rect {
                            x: pt(*x),
                            y: pt(SHEET_HEIGHT - *y - *height),
                            width: pt(*width),
                            height: pt(*height),
                            mode: Some(PaintMode::Stroke),
                            winding_order: None,
                        },
                    });
                }
                Mark::Code { x, y, side, code } => operations.push(Op::UseXobject {
                    id: images[*code].clone(),
                    transform: XObjectTransform {
                        translate_x: Some(pt(*x)),
                        translate_y: Some(pt(SHEET_HEIGHT - *y - *side)),
                        scale_x: Some(pt(*side).0),
                        scale_y: Some(pt(*side).0),
                        no_auto_scale: true,
                        ..XObjectTransform::default()
                    },
                }),
            }
        }
        document.pages = vec![PdfPage::new(Mm(210.0), Mm(297.0), operations)];
        let options = PdfSaveOptions {
            optimize,
            image_optimization: None,
            ..PdfSaveOptions::default()
        };
        document.save(&options, &mut Vec::new())
    }

    fn text(
        &self,
        operations: &mut Vec<Op>,
        ids: &[FontId; 3],
        (x, y): (Length, Length),
        size: Length,
        run: &Run,
    ) {
        let (subset, id) = match run.font {
            FontSlot::Labels => (&self.labels, &ids[0]),
            FontSlot::Headings => (&self.headings, &ids[1]),
            FontSlot::Name(_) => (&self.name, &ids[2]),
        };
        let glyphs = run.glyphs.iter().map(|glyph| {
            let key = match run.font {
                FontSlot::Labels | FontSlot::Headings => u32::from(glyph.character),
                FontSlot::Name(_) => u32::from(glyph.id),
            };
            Codepoint::with_cid(subset.ids[&key], 0.0, glyph.character.to_string())
        });
        operations.extend([
            Op::StartTextSection,
            Op::SetFont {
                font: PdfFontHandle::External(id.clone()),
                size: pt(size),
            },
            Op::SetTextCursor { pos: point(x, y) },
            Op::ShowText {
                items: vec![TextItem::GlyphIds(glyphs.collect())],
            },
            Op::EndTextSection,
        ]);
    }
}

fn run(mark: &Mark) -> Option<&Run> {
    match mark {
        Mark::Text { run, .. } => Some(run),
        Mark::Rule { .. } | Mark::Frame { .. } | Mark::Code { .. } => None,
    }
}

fn by_character<'a>(
    file: &FontFile,
    slot: FontSlot,
    runs: impl Iterator<Item = &'a Run>,
) -> Subset {
    let data = std::fs::read(&file.path).unwrap();
    let face = ttf_parser::Face::parse(&data, file.index).unwrap();
    let characters = runs
        .filter(|run| run.font == slot)
        .flat_map(|run| &run.glyphs)
        .map(|glyph| glyph.character);
    let all = characters.chain(' '..='~');
    let glyphs: Vec<_> = all
        .map(|character| (u32::from(character), face.glyph_index(character).unwrap().0))
        .collect();
    subset(file, glyphs.into_iter())
}

fn subset(file: &FontFile, glyphs: impl Iterator<Item = (u32, u16)>) -> Subset {
    let data = std::fs::read(&file.path).unwrap();
    let mut remapper = GlyphRemapper::new();
    let ids = glyphs
        .map(|(key, old)| (key, remapper.remap(old)))
        .collect();
    let font = subsetter::subset(&data, file.index, &remapper).unwrap();
    let parsed = ParsedFont::from_bytes(&font, 0, &mut Vec::new()).unwrap();
    Subset { parsed, ids }
}

fn image(picture: &Picture) -> ExternalXObject {
    let name = |text: &str| DictItem::Name(text.as_bytes().to_vec());
    let side = DictItem::Int(picture.pixels as i64);
    let entries = [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", side.clone()),
        ("Height", side),
        ("ColorSpace", name("DeviceGray")),
        ("BitsPerComponent", DictItem::Int(1)),
    ];
    ExternalXObject {
        stream: ExternalStream {
            dict: entries
                .map(|(key, value)| (key.to_owned(), value))
                .into_iter()
                .collect(),
            content: picture.rows.clone(),
            compress: true,
        },
        width: Some(Px(picture.pixels)),
        height: Some(Px(picture.pixels)),
        dpi: None,
    }
}

fn pt(length: Length) -> Pt {
    Pt(length as f32 / 100.0)
}

fn point(x: Length, y: Length) -> Point {
    Point {
        x: pt(x),
        y: pt(SHEET_HEIGHT - y),
    }
}
