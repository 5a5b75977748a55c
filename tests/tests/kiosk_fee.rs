//! The fee of a whole session, in coins: kept for paper and for a free next print, given back
//! where nobody could be told that no paper came.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::sync::Arc;
use std::time::Duration;

use application::Call;
use application::messages::RequestMessage;
use crypto::SystemRandom;
use domain::{CertificateKind, ChannelId, Clock, SystemClock, Yen};
use fixtures::acceptor::{CoinMachine, CoinMachinePlan};
use fixtures::card::VirtualCard;
use fixtures::municipality::Kind;
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::in_memory::{PreparedResident, ReaderInMemory, server_link, trust};
use fixtures::stage::printer::Behaviour;
use kiosk_agent::payment::{
    CoinSettings, GivenBack, HopperSettings, PaymentMethod, PaymentSettings, Settled, Till,
    TillTimes,
};
use kiosk_agent::printer::{IppPrinter, PrintLimits};
use kiosk_agent::server_link::{LinkError, Server, ServerLink};
use kiosk_agent::session::{CardPlace, CodeVerifier, Kiosk, Patience, SessionReport};
use kiosk_agent::settings::TimeSettings;
use kiosk_agent::stop::stop_switch;

/// The real server, which may be out of reach for the report of an outcome.
struct Reported {
    server: ServerLink,
    outcomes: bool,
}

impl Server for Reported {
    async fn call<R: RequestMessage + Sync>(&mut self, request: &R) -> Result<R::Reply, LinkError> {
        match (R::CALL, self.outcomes) {
            (Call::Outcome, false) => Err(LinkError::Unreachable),
            (_, _) => self.server.call(request).await,
        }
    }

    fn channel(&self) -> ChannelId {
        self.server.channel()
    }
}

struct Shop {
    stage: Stage,
    coins: CoinMachine,
    till: Arc<Till>,
}

impl Shop {
    async fn open(folder: &std::path::Path) -> Self {
        let stage = Stage::raise(folder, &Plan::default(), Behaviour::Prints).unwrap();
        let plan = CoinMachinePlan {
            coin_time: Duration::from_millis(2),
            ..CoinMachinePlan::default()
        };
        let coins = CoinMachine::plugged_in(&folder.join("coins"), &plan).unwrap();
        let hopper = |address, yen| HopperSettings { address, yen };
        let settings = PaymentSettings {
            journal: Some(folder.join("payment.journal")),
            coins: Some(CoinSettings {
                device: folder.join("coins"),
                acceptor: 2,
                hoppers: vec![hopper(3, 10), hopper(4, 100)],
            }),
            cashless: None,
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let times = TillTimes::default();
        let till = Till::open(&settings, times, clock, Arc::new(SystemRandom)).unwrap();
        let mut view = till.watch();
        let ready = view.wait_for(|view| view.methods == [PaymentMethod::Coins]);
        ready.await.unwrap();
        Self {
            stage,
            coins,
            till: Arc::new(till),
        }
    }

    /// One session of somebody who puts a coin of 500 in as soon as it is let in.
    async fn serve(&self, outcomes: bool) -> SessionReport {
        let person = self.stage.ground.person(Kind::ThreeDoses).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let server = server_link(&self.stage.ground, &self.stage.server, clock.clone()).unwrap();
        let card = VirtualCard::new(self.stage.ground.card_of(person).unwrap());
        let limits = PrintLimits {
            answer: Duration::from_secs(10),
            job: Duration::from_secs(20),
            counts_pages: true,
        };
        let mut kiosk = Kiosk {
            server: Reported { server, outcomes },
            cards: CardPlace::of_one_session(ReaderInMemory::with(card)),
            printer: IppPrinter::new(&self.stage.printer.uri(), Vec::new(), limits).unwrap(),
            payment: self.till.clone(),
            resident: PreparedResident::new(person.pin.clone(), CertificateKind::Domestic),
            verifier: CodeVerifier::new(trust(&self.stage.ground).unwrap(), clock.clone()),
            clock,
            random: Arc::new(SystemRandom),
            times: TimeSettings::default(),
            patience: Patience::new(),
            stop: stop_switch().1,
        };
        let mut session = std::pin::pin!(kiosk.serve());
        let mut inserted = false;
        loop {
            tokio::select! {
                report = &mut session => return report,
                () = tokio::time::sleep(Duration::from_millis(20)) => {
                    inserted = inserted || self.coins.insert(Yen(500));
                }
            }
        }
    }

    /// What is left of the coins that were put in.
    fn left(&self) -> u32 {
        let view = self.coins.view();
        view.taken.0 - view.paid_out.0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fee_is_kept_for_paper_and_for_a_free_next_print_and_goes_back_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let mut shop = Shop::open(folder.path()).await;
    let kept = |report: &SessionReport| match report.settled {
        Some(Settled::Kept { fee, owed: Yen(0) }) => fee.0,
        other => panic!("{other:?}"),
    };

    let printed = shop.serve(true).await;
    let fee = kept(&printed);
    assert!(fee > 0 && printed.delivered.len() == 1);
    assert_eq!(shop.left(), fee);

    // Jammed, and nobody can be told: it goes back.
    shop.stage.printer.repair(Behaviour::Jams).unwrap();
    let lost = shop.serve(false).await;
    let back = GivenBack {
        returned: Yen(fee),
        owed: Yen(0),
    };
    assert_eq!(lost.settled, Some(Settled::Refunded(back)), "{lost:?}");
    assert_eq!(shop.left(), fee);

    // Jammed, and the server knows: it is kept, and the next one is free.
    shop.stage.printer.repair(Behaviour::Jams).unwrap();
    let known = shop.serve(true).await;
    assert_eq!(kept(&known), fee);
    assert_eq!(shop.left(), 2 * fee);
    shop.stage.printer.repair(Behaviour::Prints).unwrap();
    let free = shop.serve(true).await;
    assert_eq!((kept(&free), free.delivered.len()), (0, 1));
    assert_eq!(shop.left(), 2 * fee);
}
