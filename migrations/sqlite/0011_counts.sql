-- How many DIDs an account has of each calling code, kept by whoever adds and releases them. To count a million takes
-- longer than to show a page of them.

create table did_counts (
    account_id   integer not null references accounts (id),
    calling_code integer not null,
    dids         integer not null check (dids >= 0),
    primary key (account_id, calling_code)
) strict, without rowid;

insert into did_counts (account_id, calling_code, dids)
select account_id, calling_code, count(*) from dids group by account_id, calling_code;
