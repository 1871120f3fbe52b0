-- Every change writes a row, and so an entry here. A subject's number alone leaves few to choose from: it need not be
-- told first, and in words, of what kind it is.
drop index changes_by_subject;
create index changes_by_subject on changes (account_id, subject_id, version);
