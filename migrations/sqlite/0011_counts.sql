-- How many DIDs an account has of each calling code. To count a million takes longer than to show a page of them.
-- Filled by triggers, so that nothing that writes DIDs can forget to.

create table did_counts (
    account_id   integer not null references accounts (id),
    calling_code integer not null,
    dids         integer not null check (dids >= 0),
    primary key (account_id, calling_code)
) strict, without rowid;

insert into did_counts (account_id, calling_code, dids)
select account_id, calling_code, count(*) from dids group by account_id, calling_code;

create trigger dids_count_insert after insert on dids begin
    insert into did_counts (account_id, calling_code, dids) values (new.account_id, new.calling_code, 1)
    on conflict (account_id, calling_code) do update set dids = dids + 1;
end;

create trigger dids_count_delete after delete on dids begin
    update did_counts set dids = dids - 1 where account_id = old.account_id and calling_code = old.calling_code;
end;
