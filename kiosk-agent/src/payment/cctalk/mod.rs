//! Coins by ccTalk (Crane Payment Innovations, Generic Specification issue 4.7, parts 1 to 3): an
//! acceptor and hoppers on one serial line, this side the master.

mod acceptor;
mod bus;
mod frame;
mod hopper;

pub(super) use acceptor::{Acceptor, Happened};
pub(super) use bus::BusError;
pub(super) use hopper::{Hopper, HopperState, Payout, PayoutState};

use std::time::Duration;

use domain::Yen;

use super::settings::CoinSettings;
use super::{PaymentDevice, PaymentDeviceState, PaymentFault};
use bus::Bus;

/// A line whose devices have all answered.
pub(super) struct CoinLine {
    bus: Bus,
    acceptor: Acceptor,
    hoppers: Vec<Hopper>,
}

impl CoinLine {
    /// Opens the line and greets everything on it.
    ///
    /// # Errors
    /// [`BusError`].
    pub(super) async fn open(settings: &CoinSettings, answer: Duration) -> Result<Self, BusError> {
        let mut bus = Bus::open(&settings.device, answer)?;
        let acceptor = Acceptor::greet(&mut bus, settings.acceptor).await?;
        let mut hoppers = Vec::new();
        for hopper in &settings.hoppers {
            hoppers.push(Hopper::greet(&mut bus, hopper.address, Yen(hopper.yen)).await?);
        }
        // Greatest value first: the fewest coins come out.
        hoppers.sort_by_key(|hopper| std::cmp::Reverse(hopper.value));
        Ok(Self {
            bus,
            acceptor,
            hoppers,
        })
    }

    pub(super) async fn take(
        &mut self,
        wanted: &(dyn Fn(Yen) -> bool + Sync),
    ) -> Result<(), BusError> {
        self.acceptor.take(&mut self.bus, wanted).await
    }

    pub(super) async fn take_none(&mut self) -> Result<(), BusError> {
        self.acceptor.take_none(&mut self.bus).await
    }

    pub(super) async fn happened(&mut self, since: Option<u8>) -> Result<Happened, BusError> {
        self.acceptor.happened(&mut self.bus, since).await
    }

    pub(super) fn hoppers(&self) -> &[Hopper] {
        &self.hoppers
    }

    /// Plans a payout of so many coins out of this hopper.
    pub(super) async fn plan(&mut self, hopper: Hopper, coins: u8) -> Result<Payout, BusError> {
        hopper.plan(&mut self.bus, coins).await
    }

    pub(super) async fn begin(&mut self, hopper: Hopper, payout: Payout) -> Result<(), BusError> {
        hopper.begin(&mut self.bus, payout).await
    }

    pub(super) async fn look(
        &mut self,
        hopper: Hopper,
        payout: Payout,
    ) -> Result<PayoutState, BusError> {
        hopper.look(&mut self.bus, payout).await
    }

    /// How everything on the line is.
    pub(super) async fn states(&mut self) -> Result<Vec<PaymentDeviceState>, BusError> {
        let mut states = vec![PaymentDeviceState {
            device: PaymentDevice::CoinAcceptor,
            fault: self.acceptor.fault(&mut self.bus).await?,
            low: false,
            senses: false,
        }];
        for hopper in &self.hoppers {
            let HopperState { fault, low, senses } = match hopper.state(&mut self.bus).await {
                Ok(state) => state,
                Err(error @ BusError::Gone(_)) => return Err(error),
                Err(error) => HopperState {
                    fault: Some(error.fault()),
                    low: false,
                    senses: false,
                },
            };
            states.push(PaymentDeviceState {
                device: PaymentDevice::Hopper(hopper.value),
                fault,
                low,
                senses,
            });
        }
        Ok(states)
    }
}

/// What is said of a line that cannot be opened.
pub(super) fn line_states(settings: &CoinSettings, fault: PaymentFault) -> Vec<PaymentDeviceState> {
    let of = |device| PaymentDeviceState {
        device,
        fault: Some(fault),
        low: false,
        senses: false,
    };
    let hoppers = settings.hoppers.iter();
    std::iter::once(of(PaymentDevice::CoinAcceptor))
        .chain(hoppers.map(|hopper| of(PaymentDevice::Hopper(Yen(hopper.yen)))))
        .collect()
}
