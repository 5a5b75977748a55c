-- Flags that staff set on a resident, beside those that come with imports: one row a resident, the
-- whole history sealed in it.
SELECT akashi.municipality_table('resident_flags', $$
    resident BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, resident),
    FOREIGN KEY (municipality, resident) REFERENCES municipality.resident
$$);
