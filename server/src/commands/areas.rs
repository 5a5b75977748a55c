//! Which areas of the register a command is about.

use clap::Args;
use domain::MunicipalityCode;
use registry::{AuditArea, Registry};

use super::Failure;

/// One municipality, several, the system's area, or everything.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Areas {
    /// A municipality's area; given several times for several.
    #[arg(long = "municipality", value_name = "CODE", conflicts_with = "all")]
    municipalities: Vec<MunicipalityCode>,
    /// The system's area: registered channels, suspended cards, refusals.
    #[arg(long, conflicts_with = "all")]
    system: bool,
    /// The system's area, and every municipality's that is there.
    #[arg(long)]
    all: bool,
}

impl Areas {
    /// The areas meant, the system's first.
    pub(super) async fn of(&self, registry: &Registry) -> Result<Vec<AuditArea>, Failure> {
        let mut municipalities = if self.all {
            registry.municipalities().await?
        } else {
            self.municipalities.clone()
        };
        municipalities.sort_unstable();
        municipalities.dedup();
        let system = (self.all || self.system).then_some(AuditArea::System);
        let municipalities = municipalities.into_iter().map(AuditArea::Municipality);
        Ok(system.into_iter().chain(municipalities).collect())
    }
}
