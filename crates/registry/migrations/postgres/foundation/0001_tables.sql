-- How every table of the register is made, so that none forgets its municipality, its policy or
-- its grants. Everything here and all tables belong to the owner's role; the server's role is
-- another one (docs/DEPLOYMENT.md, ADR 0012).
--
-- A new table of the municipalities' area is one call in a migration of its own:
--
--     SELECT akashi.municipality_table('voucher', $$
--         resident BYTEA NOT NULL,
--         id BYTEA NOT NULL CHECK (length(id) = 16),
--         sealed BYTEA NOT NULL,
--         PRIMARY KEY (municipality, id),
--         FOREIGN KEY (municipality, resident) REFERENCES municipality.resident
--     $$);
--     CREATE INDEX voucher_of_resident ON municipality.voucher (municipality, resident);
--
-- The column `municipality` is there by itself; every key and index begins with it. The third
-- argument says what the server may do, where that is not everything: 'SELECT, INSERT'.

-- What the server's role may do with which table: granted at the end of each preparation.
CREATE TABLE akashi.server_right (
    area TEXT NOT NULL,
    name TEXT NOT NULL,
    rights TEXT NOT NULL,
    PRIMARY KEY (area, name)
);

-- A table of every municipality's rows: partitioned by municipality, each row its municipality's
-- alone, for the owner too. Where no municipality is set, no row is anybody's.
CREATE FUNCTION akashi.municipality_table(
    name TEXT, columns TEXT, rights TEXT DEFAULT 'SELECT, INSERT, UPDATE, DELETE'
) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    partitions CONSTANT INTEGER := 16;
    part TEXT;
BEGIN
    EXECUTE format(
        'CREATE TABLE municipality.%I (municipality TEXT COLLATE "C" NOT NULL '
        'DEFAULT current_setting(''akashi.municipality'') CHECK (length(municipality) = 6), %s) '
        'PARTITION BY HASH (municipality)', name, columns);
    EXECUTE format('ALTER TABLE municipality.%I ENABLE ROW LEVEL SECURITY, '
        'FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_municipality ON municipality.%I '
        'USING (municipality = current_setting(''akashi.municipality'', true)) '
        'WITH CHECK (municipality = current_setting(''akashi.municipality'', true))', name);
    FOR remainder IN 0 .. partitions - 1 LOOP
        part := name || '_' || lpad(remainder::TEXT, 2, '0');
        EXECUTE format('CREATE TABLE municipality.%I PARTITION OF municipality.%I '
            'FOR VALUES WITH (MODULUS %s, REMAINDER %s)', part, name, partitions, remainder);
        -- Nobody is granted a partition, and one that is asked for by its own name has no policy
        -- that lets a row through.
        EXECUTE format('ALTER TABLE municipality.%I ENABLE ROW LEVEL SECURITY, '
            'FORCE ROW LEVEL SECURITY', part);
    END LOOP;
    INSERT INTO akashi.server_right VALUES ('municipality', name, rights);
END $$;

-- A table of the system's area.
CREATE FUNCTION akashi.system_table(
    name TEXT, columns TEXT, rights TEXT DEFAULT 'SELECT, INSERT, UPDATE, DELETE'
) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE system.%I (%s)', name, columns);
    INSERT INTO akashi.server_right VALUES ('system', name, rights);
END $$;

CREATE FUNCTION akashi.refuse_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of this table are never changed or removed'
        USING ERRCODE = 'restrict_violation';
END $$;

-- Rows of this table are only ever added, whoever asks.
CREATE FUNCTION akashi.append_only(area TEXT, name TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON %I.%I '
        'FOR EACH ROW EXECUTE FUNCTION akashi.refuse_change()', area, name);
END $$;

-- Grants the server's role what it needs, and no more. Run again after every migration.
CREATE FUNCTION akashi.grant_to(server_role TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    entry RECORD;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA akashi, municipality, system TO %I', server_role);
    FOR entry IN SELECT * FROM akashi.server_right LOOP
        EXECUTE format('REVOKE ALL ON %I.%I FROM %I', entry.area, entry.name, server_role);
        EXECUTE format('GRANT %s ON %I.%I TO %I', entry.rights, entry.area, entry.name,
            server_role);
    END LOOP;
    -- To see at its start whether the tables are those that it knows.
    EXECUTE format('GRANT SELECT ON akashi._sqlx_migrations, municipality._sqlx_migrations, '
        'system._sqlx_migrations TO %I', server_role);
END $$;

-- Nobody else has any of it.
REVOKE ALL ON SCHEMA akashi, municipality, system FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA akashi FROM PUBLIC;
