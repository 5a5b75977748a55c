-- A register has several keys: one for ids, indexes and the audit chain, and a data key for each
-- version that sealed texts still name. A destroyed key leaves its row, so that no version is used
-- twice.
CREATE TABLE wrapped_key (
    purpose TEXT NOT NULL CHECK (purpose IN ('index', 'data', 'unversioned')),
    version INTEGER NOT NULL,
    wrapped BLOB,
    made_at INTEGER NOT NULL,
    destroyed_at INTEGER,
    PRIMARY KEY (purpose, version),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
) STRICT;
-- The one secret of before is taken apart when the register is opened next.
INSERT INTO wrapped_key (purpose, version, wrapped, made_at)
    SELECT 'unversioned', 0, wrapped, COALESCE((SELECT MIN(at) FROM audit), 0) / 1000
    FROM register_key;
DROP TABLE register_key;

-- What was sealed before is under the first data key, and names it from now on.
UPDATE resident SET subject = CAST(x'0001' || subject AS BLOB),
    sealed = CAST(x'0001' || sealed AS BLOB);
UPDATE voucher SET sealed = CAST(x'0001' || sealed AS BLOB);
UPDATE dose SET sealed = CAST(x'0001' || sealed AS BLOB);
UPDATE passport SET sealed = CAST(x'0001' || sealed AS BLOB);
UPDATE certificate SET sealed = CAST(x'0001' || sealed AS BLOB);
