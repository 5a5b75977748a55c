//! No payment device: the kiosk shows the fee and the store takes it.

use domain::Yen;

use super::{
    Collecting, Paid, Payment, PaymentId, PaymentMethod, PaymentProgress, Settling, TillView,
};
use crate::stop::StopSignal;

/// The fee is shown and the store takes it.
#[derive(Debug, Clone, Copy, Default)]
pub struct AtTheStore;

impl Payment for AtTheStore {
    fn view(&self) -> TillView {
        TillView {
            methods: vec![PaymentMethod::AtTheStore],
            ..TillView::default()
        }
    }

    fn collect<'a>(
        &'a self,
        amount: Yen,
        _method: PaymentMethod,
        _stop: &'a StopSignal,
        _progress: &'a mut dyn FnMut(PaymentProgress),
    ) -> Collecting<'a> {
        Box::pin(async move { Ok(Paid::elsewhere(amount)) })
    }

    fn paid_by_hand(&self, _id: PaymentId) -> Settling<bool> {
        Box::pin(std::future::ready(false))
    }
}
