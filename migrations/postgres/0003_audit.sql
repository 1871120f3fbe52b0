-- What was done can be added to and never be altered; each operation is hashed together with the one before it.

create table audit_chain (
    account_id bigint not null references accounts (id),
    version    bigint not null,
    changes    bigint not null, -- how many change rows were hashed
    hash       text   collate "C" not null check (length(hash) = 64), -- SHA-256; see store/src/audit.rs
    primary key (account_id, version)
);

-- What was written before there was a chain is hashed when the database is next opened.
alter table accounts add column history_unhashed boolean not null default false;
update accounts set history_unhashed = true
where exists (select 1 from operations where operations.account_id = accounts.id);

create function refuse_to_alter_history() returns trigger language plpgsql as $$
begin
    raise exception '% is insert-only: what was done stays as it was written', tg_table_name;
end
$$;

create trigger operations_are_insert_only before update or delete or truncate on operations
    for each statement execute function refuse_to_alter_history();
create trigger changes_are_insert_only before update or delete or truncate on changes
    for each statement execute function refuse_to_alter_history();
create trigger audit_chain_is_insert_only before update or delete or truncate on audit_chain
    for each statement execute function refuse_to_alter_history();

-- An operation is written last. Its change rows are complete then, and nothing is added to them. A statement writes
-- thousands of rows, so it is asked once and not for each.
create function refuse_late_changes() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from added join operations as o on o.account_id = added.account_id and o.version = added.version
    ) then
        raise exception 'changes is insert-only: the operation of these rows is complete';
    end if;
    return null;
end
$$;

create trigger changes_are_complete after insert on changes referencing new table as added
    for each statement execute function refuse_late_changes();

-- A program from before the chain, still running, would leave operations without a hash.
create function refuse_unhashed_operation() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from audit_chain where account_id = new.account_id and version = new.version) then
        raise exception
            'an operation needs its row in audit_chain first: is an older switchback still running?';
    end if;
    return new;
end
$$;

create trigger operations_are_hashed before insert on operations
    for each row execute function refuse_unhashed_operation();

-- Also for a session that calls itself a replica.
alter table operations
    enable always trigger operations_are_insert_only,
    enable always trigger operations_are_hashed;
alter table changes
    enable always trigger changes_are_insert_only,
    enable always trigger changes_are_complete;
alter table audit_chain enable always trigger audit_chain_is_insert_only;
