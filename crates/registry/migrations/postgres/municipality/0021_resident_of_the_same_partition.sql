-- The tables that imports fill by the million refer to residents partition by partition. Both sides
-- are cut by the same hash of the municipality into as many parts, so a row's resident lies in the
-- part of the same number; asked of the whole table, each row's check costs four times the row.
DO $$
DECLARE
    partitions CONSTANT BIGINT := (
        SELECT count(*) FROM pg_inherits WHERE inhparent = 'municipality.resident'::REGCLASS
    );
    name TEXT;
    number TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY['voucher', 'dose', 'passport'] LOOP
        EXECUTE format('ALTER TABLE municipality.%I DROP CONSTRAINT %I', name,
            name || '_municipality_resident_fkey');
        FOR remainder IN 0 .. partitions - 1 LOOP
            number := lpad(remainder::TEXT, 2, '0');
            EXECUTE format('ALTER TABLE municipality.%I ADD CONSTRAINT %I '
                'FOREIGN KEY (municipality, resident) REFERENCES municipality.%I',
                name || '_' || number, name || '_resident_fkey', 'resident_' || number);
        END LOOP;
    END LOOP;
END $$;
