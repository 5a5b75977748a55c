-- As migrations/sqlite/municipality/0090_approval_about_a_resident.sql.
ALTER TABLE municipality.approval ADD COLUMN resident BYTEA CHECK (length(resident) = 16);
CREATE INDEX approval_of_resident ON municipality.approval (municipality, resident);
