-- Flags that staff set on a resident, beside those that come with imports: one row a resident, the
-- whole history sealed in it.
CREATE TABLE resident_flags (
    resident BLOB NOT NULL UNIQUE REFERENCES resident (id),
    sealed BLOB NOT NULL
) STRICT;
