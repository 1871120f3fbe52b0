-- A number is in the installation once, and stays what it is: where that is seen to must not be written anew whenever a
-- DID rings elsewhere. In the statement that adds it the triggers of 0011 note it here.
create unique index did_search_by_number on did_search (number);
alter table dids drop constraint dids_number_key;

-- Every change writes a row, and so an entry here. A subject's number alone leaves few to choose from: it need not be
-- told first, and in words, of what kind it is.
drop index changes_by_subject;
create index changes_by_subject on changes (account_id, subject_id, version);
