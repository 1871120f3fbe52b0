-- What was done can be added to and never be altered; each operation is hashed together with the one before it.

create table audit_chain (
    account_id integer not null references accounts (id),
    version    integer not null,
    changes    integer not null, -- how many change rows were hashed
    hash       text    not null check (length(hash) = 64), -- SHA-256; see store/src/audit.rs
    primary key (account_id, version)
) strict, without rowid;

-- What was written before there was a chain is hashed when the database is next opened.
alter table accounts
    add column history_unhashed integer not null default 0 check (history_unhashed in (0, 1));
update accounts set history_unhashed = 1
where exists (select 1 from operations where operations.account_id = accounts.id);

create trigger operations_are_not_updated before update on operations begin
    select raise(abort, 'operations is insert-only: what was done stays as it was written');
end;

create trigger operations_are_not_deleted before delete on operations begin
    select raise(abort, 'operations is insert-only: what was done stays as it was written');
end;

create trigger changes_are_not_updated before update on changes begin
    select raise(abort, 'changes is insert-only: what was done stays as it was written');
end;

create trigger changes_are_not_deleted before delete on changes begin
    select raise(abort, 'changes is insert-only: what was done stays as it was written');
end;

create trigger audit_chain_is_not_updated before update on audit_chain begin
    select raise(abort, 'audit_chain is insert-only: what was done stays as it was written');
end;

create trigger audit_chain_is_not_deleted before delete on audit_chain begin
    select raise(abort, 'audit_chain is insert-only: what was done stays as it was written');
end;

-- "insert or replace" deletes without firing a trigger on delete, so that a key that is there is refused here.
create trigger operations_are_not_replaced before insert on operations
when exists (select 1 from operations where account_id = new.account_id and version = new.version) begin
    select raise(abort, 'operations is insert-only: this version is there already');
end;

create trigger audit_chain_is_not_replaced before insert on audit_chain
when exists (select 1 from audit_chain where account_id = new.account_id and version = new.version) begin
    select raise(abort, 'audit_chain is insert-only: this version is there already');
end;

-- An operation is written last. Its change rows are complete then, and nothing is added to them.
create trigger changes_are_complete before insert on changes
when exists (select 1 from operations where account_id = new.account_id and version = new.version) begin
    select raise(abort, 'changes is insert-only: the operation of these rows is complete');
end;

-- A program from before the chain, still running, would leave operations without a hash.
create trigger operations_are_hashed before insert on operations
when not exists (select 1 from audit_chain where account_id = new.account_id and version = new.version) begin
    select raise(abort, 'an operation needs its row in audit_chain first: is an older switchback still running?');
end;
