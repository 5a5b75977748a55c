-- As migrations/sqlite/system/0080_kiosk_successor.sql.
SELECT akashi.system_table('kiosk_successor', $$
    channel_id BYTEA PRIMARY KEY REFERENCES system.kiosk ON DELETE CASCADE,
    successor BYTEA NOT NULL UNIQUE CHECK (length(successor) = 32),
    ends_at BIGINT NOT NULL
$$);
