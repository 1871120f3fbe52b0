-- Whatever looks for a DID knows its number, so that is its key. An update writes its row anew in every index of the
-- table: that of ids, and one of numbers beside the key, were two more of them.
alter table dids drop constraint dids_pkey;
drop index dids_by_number;
alter table dids add primary key (account_id, number);

create or replace function forget_released_dids() returns trigger language plpgsql as $$
begin
    -- Not joined: a session keeps the plan of its first release, and after a large one read the whole table for each.
    delete from did_search where number = any (array(select number from gone));
    return null;
end
$$;

create or replace function note_renamed_did() returns trigger language plpgsql as $$
begin
    update did_search set alias = coalesce(new.alias_key, '') where number = new.number;
    return null;
end
$$;

create or replace function note_added_dids() returns trigger language plpgsql as $$
begin
    insert into did_search (account_id, number, calling_code, digits, alias)
    select account_id, number, calling_code, cast(number as text), coalesce(alias_key, '') from added;
    return null;
end
$$;

-- Its key says that a number is in the installation once.
alter table did_search drop column did_id;
alter table did_search add constraint did_search_pkey primary key using index did_search_by_number;

analyze dids, did_search;
