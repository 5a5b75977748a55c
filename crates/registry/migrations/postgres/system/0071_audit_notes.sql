-- Notes are sealed anew when the data key changes; entries are never changed. So a note lies beside
-- its entry, and the chain covers a digest of its text.
ALTER TABLE system.audit ADD COLUMN note_digest BYTEA, DROP COLUMN note;
SELECT akashi.system_table('audit_note', $$
    writer TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (writer, sequence)
$$);
