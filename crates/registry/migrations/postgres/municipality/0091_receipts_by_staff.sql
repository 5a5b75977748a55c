-- As migrations/sqlite/municipality/0091_receipts_by_staff.sql.
ALTER TABLE municipality.venue_dose
    ALTER COLUMN venue DROP NOT NULL,
    ALTER COLUMN entry_key DROP NOT NULL,
    ALTER COLUMN request_digest DROP NOT NULL,
    ALTER COLUMN voucher DROP NOT NULL,
    ADD CHECK ((venue IS NULL) = (entry_key IS NULL) AND (venue IS NULL) = (request_digest IS NULL)
        AND (venue IS NULL) = (voucher IS NULL));
