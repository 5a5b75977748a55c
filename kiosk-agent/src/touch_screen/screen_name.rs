//! Which screens there are.

use serde::Serialize;

macro_rules! screens {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal;)+) => {
        /// Which screen it is, for the page's layout and picture.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum ScreenName {
            $($(#[$doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl ScreenName {
            /// Every screen. What has to hold for each of them is proved by going through these.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name in a view.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

screens! {
    /// Nobody is here: languages, and the way to begin.
    Start = "start";
    /// The terms of use (利用規約).
    Terms = "terms";
    /// Put the card on the reader.
    Card = "card";
    /// The PIN (券面事項入力補助用暗証番号).
    Pin = "pin";
    /// The card is being read.
    Reading = "reading";
    /// Take the card back.
    TakeCard = "take-card";
    /// The municipality, or the server, is being asked.
    LookingUp = "looking-up";
    /// Which municipality (市区町村).
    Municipality = "municipality";
    /// What it offers.
    Offer = "offer";
    /// The certificate as it will print.
    Preview = "preview";
    /// How many copies.
    Copies = "copies";
    /// What is about to be ordered and its fee.
    Pay = "pay";
    /// The payment device is at work.
    Paying = "paying";
    /// The certificate is being made.
    Issuing = "issuing";
    /// It is being printed.
    Printing = "printing";
    /// Take the paper.
    TakePaper = "take-paper";
    /// Another certificate, or done.
    Another = "another";
    /// How it ended, or what went wrong.
    Ending = "ending";
    /// The kiosk cannot serve anybody now.
    OutOfOrder = "out-of-order";
    /// For staff.
    Staff = "staff";
}
