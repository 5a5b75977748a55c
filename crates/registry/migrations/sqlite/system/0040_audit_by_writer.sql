-- The audit record is chained for each writer. What was recorded before is the default writer's.
CREATE TABLE audit_by_writer (
    writer TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor BLOB NOT NULL,
    purpose TEXT NOT NULL,
    event TEXT NOT NULL,
    subject BLOB CHECK (length(subject) = 16),
    certificate TEXT,
    detail TEXT,
    note BLOB,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (writer, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_by_writer SELECT 'main', sequence, at, actor_kind, actor, purpose, event, subject,
    certificate, detail, note, hash FROM audit;
DROP TABLE audit;
ALTER TABLE audit_by_writer RENAME TO audit;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never removed'); END;

-- Heads that were signed and anchored outside.
CREATE TABLE audit_head (
    writer TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    at INTEGER NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (writer, sequence)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_head_is_never_changed BEFORE UPDATE ON audit_head
BEGIN SELECT RAISE(ABORT, 'signed heads are never changed'); END;
CREATE TRIGGER audit_head_is_never_removed BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'signed heads are never removed'); END;
