//! Signing, anchoring and verifying every chain of every area.

use std::sync::Arc;

use crate::audit::{
    self, Anchored, Anchoring, AnchoringError, Anchors, AreaVerdict, AuditArea, AuditKeys,
};
use crate::error::RegistryError;
use crate::registry::Registry;

impl Registry {
    /// Signs the heads of every chain that moved, of this installation or another, appends them to
    /// this installation's anchor log, and stores them. Chains that do not hold are named and not
    /// signed.
    ///
    /// # Errors
    /// [`AnchoringError`]; what was not anchored is anchored the next time.
    pub async fn anchor_audit(
        &self,
        anchoring: &Arc<Anchoring>,
    ) -> Result<Anchored, AnchoringError> {
        let mut anchored = Anchored::default();
        let clock = &*self.shared().clock;
        let system = &self.shared().system;
        let mut transaction = system.area.read().await?;
        let area = AuditArea::System;
        let mut heads = audit::sign_moved(
            &mut transaction,
            &system.keys,
            area,
            anchoring,
            clock,
            &mut anchored,
        )
        .await?;
        drop(transaction);
        for code in self.municipalities().await? {
            let open = self.shared().open_municipality(code).await?;
            let mut transaction = open.area.read().await?;
            let area = AuditArea::Municipality(code);
            let moved = audit::sign_moved(
                &mut transaction,
                &open.keys,
                area,
                anchoring,
                clock,
                &mut anchored,
            )
            .await?;
            heads.extend(moved);
        }
        if heads.is_empty() {
            return Ok(anchored);
        }
        anchored.heads = heads.len();
        let heads = audit::anchor(anchoring, self.shared().writer(), heads).await?;
        for area in heads.chunk_by(|a, b| a.chain.area == b.chain.area) {
            match area[0].chain.area {
                AuditArea::System => audit::store_heads(&system.area, area.iter()).await?,
                AuditArea::Municipality(code) => {
                    let open = self.shared().open_municipality(code).await?;
                    audit::store_heads(&open.area, area.iter()).await?;
                }
            }
        }
        Ok(anchored)
    }

    /// Goes through every chain of an area, and compares each with what was signed and anchored. A
    /// municipality's certificates are compared with the entries of their issue too.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub async fn verify_audit_area(
        &self,
        area: AuditArea,
        anchors: &Anchors,
        keys: &AuditKeys,
    ) -> Result<AreaVerdict, RegistryError> {
        match area {
            AuditArea::System => {
                let system = &self.shared().system;
                let mut transaction = system.area.read().await?;
                let chains =
                    audit::verify_area(&mut transaction, &system.keys, area, anchors, keys).await?;
                let unmatched = None;
                Ok(AreaVerdict { chains, unmatched })
            }
            AuditArea::Municipality(code) => {
                let open = self.shared().open_municipality(code).await?;
                let mut transaction = open.area.read().await?;
                let chains =
                    audit::verify_area(&mut transaction, &open.keys, area, anchors, keys).await?;
                let unmatched = audit::unmatched(&mut transaction).await?;
                Ok(AreaVerdict { chains, unmatched })
            }
        }
    }
}
