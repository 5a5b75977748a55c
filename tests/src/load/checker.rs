//! Reads the codes of every page out of its bytes, verifies them, and asks whose they are: knowing
//! who stood there, and nothing of what the kiosk found.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use certificate::HolderOnCode;
use certificate::read_back::{FoundCode, VerifiedCode, from_pdf, from_text, verify_page};
use domain::{CertificateKind, Clock as _, SystemClock};
use fixtures::stage::scanner::scan;
use tokio::sync::mpsc;

use super::paper::Printed;
use super::world::World;

/// Dots an inch at which the scanner's program renders a page: what it does not read at the first,
/// it is shown again, as a person holds a page nearer. One of 500 pages needs that.
const SCAN_AT: [u16; 3] = [300, 400, 600];

/// What is wrong with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongPage {
    /// No code can be read.
    NoCode,
    /// A code does not hold, or they do not belong together.
    CodesDoNotHold,
    /// It is not of whoever stood there.
    SomebodyElses,
    /// It is of more than one of the residents.
    NotOnlyTheirs,
    /// A code names no certificate.
    NoCertificate,
}

/// What was read from all pages.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// Which certificates came out: to whom, and how often.
    pub(super) certificates: HashMap<String, Vec<usize>>,
    /// Pages that are wrong.
    pub(super) wrong: Vec<WrongPage>,
    /// Pages that were also scanned.
    pub(super) scanned: usize,
}

/// A page that is also scanned.
struct Sample {
    path: PathBuf,
    kind: CertificateKind,
    resident: usize,
}

/// The checker's threads.
pub(super) struct Checker {
    world: Arc<World>,
    workers: Vec<JoinHandle<()>>,
    checked: Arc<Mutex<Checked>>,
    samples: Arc<Mutex<Vec<Sample>>>,
}

impl Checker {
    pub(super) fn start(world: &Arc<World>, pages: mpsc::Receiver<Printed>) -> Self {
        let checker = Self {
            world: Arc::clone(world),
            workers: Vec::new(),
            checked: Arc::default(),
            samples: Arc::default(),
        };
        let pages = Arc::new(Mutex::new(pages));
        let count = Arc::new(AtomicUsize::new(0));
        std::fs::create_dir_all(world.folder.join("samples")).unwrap();
        let worker = || {
            let (pages, count) = (Arc::clone(&pages), Arc::clone(&count));
            let (world, checked) = (Arc::clone(world), Arc::clone(&checker.checked));
            let samples = Arc::clone(&checker.samples);
            std::thread::spawn(move || {
                while let Some(page) = next(&pages) {
                    let number = count.fetch_add(1, Ordering::SeqCst);
                    if is_sample(&world, number) {
                        let path = world.folder.join("samples").join(format!("{number}.pdf"));
                        std::fs::write(&path, &page.document).unwrap();
                        samples.lock().unwrap().push(Sample {
                            path,
                            kind: page.kind,
                            resident: page.resident,
                        });
                    }
                    let read = check(&world, &page);
                    world.checked(read.is_ok());
                    let mut checked = checked.lock().unwrap();
                    match read {
                        Ok(id) => checked.certificates.entry(id).or_default(),
                        Err(wrong) => {
                            checked.wrong.push(wrong);
                            continue;
                        }
                    }
                    .push(page.resident);
                }
            })
        };
        let workers = (0..threads()).map(|_| worker()).collect();
        Self { workers, ..checker }
    }

    /// Waits until every page was checked, and scans the samples.
    pub(super) fn finish(self) -> Checked {
        for worker in self.workers {
            worker.join().unwrap();
        }
        let samples = std::mem::take(&mut *self.samples.lock().unwrap());
        let scanned = scan_all(&self.world, &samples);
        let mut checked = std::mem::take(&mut *self.checked.lock().unwrap());
        checked.scanned = samples.len();
        checked.wrong.extend(scanned);
        checked
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn next(pages: &Mutex<mpsc::Receiver<Printed>>) -> Option<Printed> {
    pages.lock().unwrap().blocking_recv()
}

/// Every so-manieth page is scanned too.
fn is_sample(world: &World, number: usize) -> bool {
    let load = world.load;
    match load.certificates.checked_div(load.scanned) {
        Some(step) => number.is_multiple_of(step.max(1)) && number / step.max(1) < load.scanned,
        None => false,
    }
}

/// The id of the certificate on a page that is its holder's.
fn check(world: &World, page: &Printed) -> Result<String, WrongPage> {
    let found = from_pdf(&page.document).map_err(|_| WrongPage::NoCode)?;
    if found.is_empty() {
        return Err(WrongPage::NoCode);
    }
    let verified = verify_page(&found, page.kind, &world.trust, SystemClock.now())
        .map_err(|_| WrongPage::CodesDoNotHold)?;
    // The codes are of one person, as just verified; a VDS-NC bears the passport's name.
    is_theirs_alone(world, &verified.holder, page.resident)?;
    let ids = verified.codes.iter().map(certificate_of);
    let ids = ids.collect::<Option<Vec<_>>>();
    match ids.as_deref() {
        Some([id, others @ ..]) if others.iter().all(|other| other == id) => Ok(id.clone()),
        _ => Err(WrongPage::NoCertificate),
    }
}

fn is_theirs_alone(world: &World, code: &HolderOnCode, resident: usize) -> Result<(), WrongPage> {
    let matches = |at: &usize| {
        let holder = &world.holders[*at];
        code.matches(&holder.name, holder.birth_date)
    };
    if !matches(&resident) {
        return Err(WrongPage::SomebodyElses);
    }
    let everybody = 0..world.holders.len();
    match everybody.filter(matches).count() {
        1 => Ok(()),
        _ => Err(WrongPage::NotOnlyTheirs),
    }
}

fn certificate_of(code: &VerifiedCode) -> Option<String> {
    match code {
        VerifiedCode::SmartHealthCard(card) => {
            let id = card.revocation_id.as_ref()?;
            Some(id.as_str().to_owned())
        }
        VerifiedCode::VdsNc(object) => Some(object.certificate_id.clone()),
    }
}

/// Has others' programs render and read pages, on every core; gives what is wrong.
fn scan_all(world: &World, samples: &[Sample]) -> Vec<WrongPage> {
    let left = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let scanning = || {
            let mut wrong = Vec::new();
            while let Some(sample) = samples.get(left.fetch_add(1, Ordering::SeqCst)) {
                wrong.extend(scanned(world, sample).err());
            }
            wrong
        };
        let workers: Vec<_> = (0..threads()).map(|_| scope.spawn(scanning)).collect();
        let wrong = workers.into_iter().map(|worker| worker.join().unwrap());
        wrong.flatten().collect()
    })
}

fn scanned(world: &World, sample: &Sample) -> Result<(), WrongPage> {
    let codes = match sample.kind {
        CertificateKind::Domestic => 1,
        CertificateKind::Abroad => 2,
    };
    let all = |texts: &Vec<String>| texts.len() == codes;
    let mut looks = SCAN_AT.iter().filter_map(|at| scan(&sample.path, *at).ok());
    let texts = looks.find(all).ok_or(WrongPage::NoCode)?;
    let mut found = Vec::new();
    for text in texts {
        let code = from_text(&text).map_err(|_| WrongPage::NoCode)?;
        found.push(FoundCode { page: 0, code });
    }
    let verified = verify_page(&found, sample.kind, &world.trust, SystemClock.now())
        .map_err(|_| WrongPage::CodesDoNotHold)?;
    is_theirs_alone(world, &verified.holder, sample.resident)
}
