-- Whom an approval is about, so that its words go with the resident (C26). Without a reference: an
-- approval is part of the record and outlives the resident's row; then it names nobody.
ALTER TABLE approval ADD COLUMN resident BLOB CHECK (length(resident) = 16);
CREATE INDEX approval_of_resident ON approval (resident);
