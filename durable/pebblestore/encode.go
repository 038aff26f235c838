package pebblestore

import (
	"github.com/cockroachdb/pebble/v2"

	"github.com/fortunet/fortunet/durable"
)

// encode writes a batch of the runtime into a batch of the database. Pebble can fail
// here only on batches that were applied already, so errors are not looked at.
//
// db shows what the object has; it includes the batches applied before.
func encode(db *pebble.DB, batch *pebble.Batch, b *durable.Batch) {
	keys := objectPrefix(prefixKey, b.ID)
	if b.Clear {
		logs := objectPrefix(prefixLog, b.ID)
		forget(db, batch, keys, past(keys))
		forget(db, batch, logs, past(logs))
	}
	key := keys
	for _, op := range b.Keys {
		key = append(key[:len(keys)], op.Key...)
		if op.Delete {
			_ = batch.Delete(key, nil)
		} else {
			_ = batch.Set(key, op.Value, nil)
		}
	}
	for _, op := range b.Logs {
		_ = batch.Set(appendIndex(logPrefix(b.ID, op.Log), op.Index), op.Value, nil)
	}
	for _, t := range b.Trims {
		encodeTrim(db, batch, logPrefix(b.ID, t.Log), t)
	}
	for _, op := range b.Alarms {
		ref := durable.AlarmRef{ID: b.ID, Name: op.Name}
		if ref.Due = op.Old; ref.Due != 0 {
			_ = batch.Delete(alarmKey(ref), nil)
		}
		if ref.Due = op.New; ref.Due != 0 {
			_ = batch.Set(alarmKey(ref), nil, nil)
		}
	}
}

// few is how many entries are forgotten one by one. Forgetting a range is less to
// write, but each range that is not compacted away costs every read more: loading is
// a hundred times slower behind 5,000 of them.
const few = 256

// encodeTrim forgets records of a log. Of a short stretch it need not know which
// records there are.
func encodeTrim(db *pebble.DB, batch *pebble.Batch, log []byte, t durable.LogTrim) {
	if t.From >= t.Before {
		return
	}
	key := append([]byte(nil), log...)
	if t.Before-t.From > few {
		forget(db, batch, appendIndex(log, t.From), appendIndex(key, t.Before))
		return
	}
	for i := t.From; i < t.Before; i++ {
		_ = batch.Delete(appendIndex(key[:len(log)], i), nil)
	}
}

// forget deletes the keys in [lower, upper) that there are.
func forget(db *pebble.DB, batch *pebble.Batch, lower, upper []byte) {
	if it, err := db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: upper}); err == nil {
		n := 0
		ok := it.First()
		for ; ok && n < few; ok = it.Next() {
			_ = batch.Delete(it.Key(), nil)
			n++
		}
		if err := it.Close(); err == nil && !ok {
			return
		}
	}
	_ = batch.DeleteRange(lower, upper, nil)
}
