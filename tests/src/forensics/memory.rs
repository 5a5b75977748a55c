//! The memory of a living process, as the kernel gives it to root: every page that is there,
//! whatever its protection, except unchanged pages of installed files.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use leak_search::{LeakSearch, PinSearch, Surroundings};

const PAGE: u64 = 4096;

/// Pages are read in runs of at most so many bytes, with an overlap so that nothing hides at a
/// run's end.
const RUN: u64 = 64 * 1024 * 1024;
const OVERLAP: u64 = 4096;

/// Most hits kept of one process.
const MOST: usize = 40;

/// Something of a resident in a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The number of the canary.
    pub number: usize,
    /// In which mapping, as `/proc/pid/smaps` names it.
    pub mapping: String,
    /// Where, and whether packed.
    pub address: u64,
    /// Whether it lies in a packed stream.
    pub packed: bool,
}

/// What was searched of one process.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// So many bytes.
    pub bytes: u64,
    /// So many packed streams.
    pub streams: usize,
    /// What was found.
    pub hits: Vec<Hit>,
}

/// Searches the memory of a process.
///
/// # Errors
/// Where it cannot be read: only root may.
pub fn search(process: i32, canaries: &LeakSearch) -> io::Result<Memory> {
    let mut memory = Memory::default();
    each_run(process, |mapping, address, content| {
        memory.bytes += content.len() as u64;
        let (found, streams) = canaries.everything_in(content, MOST);
        memory.streams += streams;
        memory.hits.extend(found.into_iter().map(|found| Hit {
            number: found.number,
            mapping: mapping.to_owned(),
            address: address + found.at as u64,
            packed: found.packed,
        }));
    })?;
    memory.hits.truncate(MOST);
    Ok(memory)
}

/// Each place where the digits of one of these PINs lie, by what is around it.
///
/// # Errors
/// As [`search`].
pub fn pin_places(process: i32, pins: &PinSearch) -> io::Result<HashSet<(usize, Surroundings)>> {
    let mut places = HashSet::new();
    each_run(process, |_, _, content| {
        pins.each(content, &mut |pin, around| {
            places.insert((pin, around));
        });
    })?;
    Ok(places)
}

/// Calls `look` with every run of pages that are there.
fn each_run(process: i32, mut look: impl FnMut(&str, u64, &[u8])) -> io::Result<()> {
    let memory = File::open(format!("/proc/{process}/mem"))?;
    let pages = File::open(format!("/proc/{process}/pagemap"))?;
    let mut content = Vec::new();
    for mapping in mappings(&std::fs::read_to_string(format!("/proc/{process}/smaps"))?) {
        for (from, to) in present(&pages, mapping.from, mapping.to)? {
            content.resize(usize::try_from(to - from).unwrap_or(0), 0);
            // A page that went away since is not there to be read.
            if memory.read_exact_at(&mut content, from).is_ok() {
                look(&mapping.name, from, &content);
            }
        }
    }
    Ok(())
}

struct Mapping {
    from: u64,
    to: u64,
    name: String,
    /// Whether anything of it differs from an installed file.
    is_own: bool,
}

fn mappings(smaps: &str) -> Vec<Mapping> {
    let mut all: Vec<Mapping> = Vec::new();
    for line in smaps.lines() {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        if let Some(field) = first.strip_suffix(':') {
            let kilobytes: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            let says_own = ["Anonymous", "Private_Dirty", "Shared_Dirty", "Swap"];
            if let Some(last) = all.last_mut().filter(|_| says_own.contains(&field)) {
                last.is_own |= kilobytes > 0;
            }
        } else if let Some((from, to)) = first.split_once('-') {
            let number = |text| u64::from_str_radix(text, 16).unwrap_or(0);
            // Permissions, offset, device, inode.
            let name = words.skip(4).collect::<Vec<_>>().join(" ");
            all.push(Mapping {
                from: number(from),
                to: number(to),
                is_own: name.contains("(deleted)") || name.starts_with("/dev/shm"),
                name,
            });
        }
    }
    all.retain(|mapping| mapping.is_own && !mapping.name.starts_with("[v"));
    all
}

/// Runs of pages that are in memory or in swap.
fn present(pages: &File, from: u64, to: u64) -> io::Result<Vec<(u64, u64)>> {
    /// So many pages' entries, of eight bytes, at once.
    const ENTRIES: u64 = 64 * 1024;
    const IN_MEMORY_OR_SWAP: u64 = 3 << 62;
    let mut runs: Vec<(u64, u64)> = Vec::new();
    let mut page = from / PAGE;
    while page < to / PAGE {
        let count = ENTRIES.min(to / PAGE - page);
        let mut entries = vec![0; usize::try_from(count * 8).unwrap_or(0)];
        pages.read_exact_at(&mut entries, page * 8)?;
        for (number, entry) in (page..).zip(entries.chunks_exact(8)) {
            let entry = entry.try_into().map_or(0, u64::from_le_bytes);
            if entry & IN_MEMORY_OR_SWAP == 0 {
                continue;
            }
            let here = number * PAGE;
            match runs.last_mut() {
                Some((start, end)) if *end == here && here - *start < RUN => *end += PAGE,
                Some((_, end)) if *end == here => runs.push((here - OVERLAP, here + PAGE)),
                Some(_) | None => runs.push((here, here + PAGE)),
            }
        }
        page += count;
    }
    Ok(runs)
}
