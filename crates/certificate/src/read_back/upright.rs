//! Codes that stand upright, as a rendered page has them: neither turned nor slanted, of one
//! pitch, on a quiet zone. Found by their three finder patterns, sized by their timing patterns,
//! and sampled at the modules' middles; nothing is estimated, so nothing is found by luck.
//!
//! A scanner's detection for photographs (rqrr's own) extrapolates from one alignment pattern and
//! loses large codes on a rendered page (`docs/adr/0004-read-back.md`).

use super::picture::GreyPicture;
use crate::qr::QUIET_ZONE;

/// Most finder patterns that are looked at. A page of text has a few that are none (回, 国).
const MOST_FINDERS: usize = 1024;
/// Fewest pixels a module: below that, middles are not told from edges.
const SMALLEST_UNIT: f64 = 1.5;

/// A code's modules in a picture.
pub(super) struct UprightCode {
    /// Modules a side.
    pub(super) size: usize,
    /// Pixels a module.
    pub(super) pitch: f64,
    modules: Vec<bool>,
}

impl UprightCode {
    pub(super) fn is_dark(&self, x: usize, y: usize) -> bool {
        self.modules[y * self.size + x]
    }
}

/// The middle of a finder pattern and its pixels a module: the mean of all its rows.
#[derive(Clone, Copy)]
struct Finder {
    x: f64,
    y: f64,
    unit: f64,
    rows: f64,
}

impl Finder {
    fn is_alike(&self, other: &Self) -> bool {
        (self.unit - other.unit).abs() < 0.25 * self.unit
    }

    /// Whether both are one pattern. What only lies near is another one: runs of a code's data
    /// that look like a larger finder pattern reach over a true one.
    fn is(&self, other: &Self) -> bool {
        let apart = (self.x - other.x).abs().max((self.y - other.y).abs());
        apart < self.unit && self.is_alike(other)
    }

    /// Takes another of its rows into the mean.
    fn merge(&mut self, row: &Self) {
        self.rows += 1.0;
        self.x += (row.x - self.x) / self.rows;
        self.y += (row.y - self.y) / self.rows;
        self.unit += (row.unit - self.unit) / self.rows;
    }
}

/// Every upright code, from the top.
pub(super) fn find(picture: &GreyPicture) -> Vec<UprightCode> {
    let finders = finders(picture);
    let mut codes = Vec::new();
    for corner in &finders {
        let rights = finders.iter().filter(|right| {
            right.x > corner.x && (right.y - corner.y).abs() < corner.unit && corner.is_alike(right)
        });
        for right in rights {
            // Of several patterns near the place only the true one gives a code.
            codes.extend(finders.iter().find_map(|below| {
                let across = right.x - corner.x;
                let is_in_place = (below.x - corner.x).abs() < corner.unit
                    && (below.y - corner.y - across).abs() < corner.unit
                    && corner.is_alike(below);
                is_in_place.then(|| sampled(picture, corner, right, below))?
            }));
        }
    }
    codes
}

/// The code between three finder patterns, where timing patterns and quiet zone are whole.
fn sampled(
    picture: &GreyPicture,
    corner: &Finder,
    right: &Finder,
    below: &Finder,
) -> Option<UprightCode> {
    let (across, down) = (right.x - corner.x, below.y - corner.y);
    // Finder patterns' middles are 7 modules fewer apart than the code has.
    let estimate = ((across / corner.unit + 7.0 - 17.0) / 4.0).round() as usize;
    (estimate.saturating_sub(2).max(1)..=(estimate + 2).min(40)).find_map(|version| {
        let size = 17 + 4 * version;
        let (pitch_x, pitch_y) = (across / (size - 7) as f64, down / (size - 7) as f64);
        let dark = |x: isize, y: isize| {
            picture.is_dark(
                corner.x + (x - 3) as f64 * pitch_x,
                corner.y + (y - 3) as f64 * pitch_y,
            )
        };
        let side = size as isize;
        let timing = (8..side - 8).all(|at| {
            let wanted = Some(at % 2 == 0);
            dark(at, 6) == wanted && dark(6, at) == wanted
        });
        (timing && is_quiet_around(side, dark)).then_some(())?;
        let modules = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
        Some(UprightCode {
            size,
            pitch: pitch_x.min(pitch_y),
            modules: modules.map(|(x, y)| dark(x, y)).collect::<Option<_>>()?,
        })
    })
}

/// Whether the quiet zone is on the picture and light.
fn is_quiet_around(side: isize, dark: impl Fn(isize, isize) -> Option<bool>) -> bool {
    let quiet = QUIET_ZONE as isize;
    let around = -quiet..side + quiet;
    around.clone().all(|along| {
        (1..=quiet).all(|off| {
            let (before, behind) = (-off, side - 1 + off);
            [
                (along, before),
                (along, behind),
                (before, along),
                (behind, along),
            ]
            .into_iter()
            .all(|(x, y)| dark(x, y) == Some(false))
        })
    })
}

/// Where dark 1, light 1, dark 3, light 1, dark 1 cross, across and down.
fn finders(picture: &GreyPicture) -> Vec<Finder> {
    let mut finders: Vec<Finder> = Vec::new();
    for y in 0..picture.height {
        for (from, to) in patterns(picture.width, |x| picture.is_dark_at(x, y)) {
            for row in crossings(picture, y, from, to) {
                if let Some(known) = finders.iter_mut().find(|finder| finder.is(&row)) {
                    known.merge(&row);
                } else if finders.len() < MOST_FINDERS {
                    finders.push(row);
                } else {
                    return finders;
                }
            }
        }
    }
    finders
}

/// The finder patterns that a pattern in row `y` is a row of.
fn crossings(
    picture: &GreyPicture,
    y: usize,
    from: usize,
    to: usize,
) -> impl Iterator<Item = Finder> {
    let (x, wide) = ((from + to) as f64 / 2.0, (to - from) as f64);
    let reach = 2 * (to - from);
    let (top, bottom) = (y.saturating_sub(reach), (y + reach).min(picture.height));
    let column = |at| picture.is_dark_at(x as usize, top + at);
    let down = patterns(bottom - top, column).into_iter();
    down.filter_map(move |(from, to)| {
        let (above, under) = (top + from, top + to);
        let high = (to - from) as f64;
        let is_square = (wide - high).abs() <= wide / 7.0 + 1.0;
        (is_square && (above..under).contains(&y)).then(|| Finder {
            x,
            y: (above + under) as f64 / 2.0,
            unit: wide / 7.0,
            rows: 1.0,
        })
    })
}

/// Where in a line five runs stand as 1:1:3:1:1, the outer ones dark: begin and end.
fn patterns(length: usize, dark: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // Begins of the last five runs and the end of the newest, and whether the newest is dark.
    let mut edges = [0; 6];
    let mut edge_count = 0;
    let mut colour = false;
    for at in 0..=length {
        let next = at < length && dark(at);
        if next == colour {
            continue;
        }
        edges.rotate_left(1);
        edges[5] = at;
        edge_count += 1;
        // A dark run has ended here: it may be the fifth.
        if colour && edge_count >= 6 && is_finder(&edges) {
            found.push((edges[0], edges[5]));
        }
        colour = next;
    }
    found
}

fn is_finder(edges: &[usize; 6]) -> bool {
    let unit = (edges[5] - edges[0]) as f64 / 7.0;
    let runs = edges.windows(2).map(|edge| (edge[1] - edge[0]) as f64);
    unit >= SMALLEST_UNIT
        && runs
            .zip([1.0, 1.0, 3.0, 1.0, 1.0])
            .all(|(run, wanted)| (run - wanted * unit).abs() <= 0.5 * unit + 0.5)
}
