-- Notes are sealed anew when the data key changes; entries are never changed. So a note lies beside
-- its entry, and the chain covers a digest of its text (32 bytes). Of what was recorded before it
-- covers the note as it was sealed then, which stands behind eight zeros: longer than any digest.
ALTER TABLE audit ADD COLUMN note_digest BLOB;
DROP TRIGGER audit_is_never_changed;
UPDATE audit SET note_digest = CAST(zeroblob(8) || note AS BLOB) WHERE note IS NOT NULL;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;

CREATE TABLE audit_note (
    writer TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (writer, sequence)
) STRICT;
INSERT INTO audit_note SELECT writer, sequence, CAST(x'0001' || note AS BLOB) FROM audit
    WHERE note IS NOT NULL;
ALTER TABLE audit DROP COLUMN note;
