-- Full-text search over what a person calls a run by. The index holds no text of its own; triggers
-- keep it in step with runs and their tags.

CREATE VIEW run_texts AS
SELECT
  run_key,
  name,
  app,
  scheme,
  note,
  coalesce(
    (SELECT group_concat(tag, ' ') FROM run_tags WHERE run_tags.run_key = runs.run_key), ''
  ) AS tags
FROM runs;

CREATE VIRTUAL TABLE run_search USING fts5 (
  name, app, scheme, note, tags,
  content = '', contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);

CREATE TRIGGER run_search_after_insert AFTER INSERT ON runs BEGIN
  INSERT INTO run_search (rowid, name, app, scheme, note, tags)
  SELECT * FROM run_texts WHERE run_key = new.run_key;
END;

CREATE TRIGGER run_search_after_update AFTER UPDATE OF name, app, scheme, note ON runs BEGIN
  DELETE FROM run_search WHERE rowid = old.run_key;
  INSERT INTO run_search (rowid, name, app, scheme, note, tags)
  SELECT * FROM run_texts WHERE run_key = new.run_key;
END;

CREATE TRIGGER run_search_after_delete AFTER DELETE ON runs BEGIN
  DELETE FROM run_search WHERE rowid = old.run_key;
END;

CREATE TRIGGER run_search_after_tag AFTER INSERT ON run_tags BEGIN
  DELETE FROM run_search WHERE rowid = new.run_key;
  INSERT INTO run_search (rowid, name, app, scheme, note, tags)
  SELECT * FROM run_texts WHERE run_key = new.run_key;
END;

CREATE TRIGGER run_search_after_untag AFTER DELETE ON run_tags BEGIN
  DELETE FROM run_search WHERE rowid = old.run_key;
  INSERT INTO run_search (rowid, name, app, scheme, note, tags)
  SELECT * FROM run_texts WHERE run_key = old.run_key;
END;

INSERT INTO run_search (rowid, name, app, scheme, note, tags) SELECT * FROM run_texts;
