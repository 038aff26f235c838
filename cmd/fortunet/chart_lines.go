package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

const (
	maxLine    = 1 << 20  // bytes of one request; a longer line is answered with an error
	batchBytes = 32 << 10 // of input, beyond which a batch is full
	batchLines = 32       // of input, likewise: their answers are some 400 KB
)

// answerLines answers requests for charts, one JSON object a line, in their order: with
// the chart, or where that cannot be with {"error": {code, message, field}}. Lines of
// white space alone are passed over. All cores work, and what waits in memory is
// bounded whatever the input. The error says how many lines had none. A request that
// names no language is answered in the one given.
func answerLines(c *console, language fortunet.Language) error {
	bad, err := pump(c, c.stdin, c.stdout, runtime.GOMAXPROCS(0), func(out, line []byte) ([]byte, bool) {
		return answerLine(out, line, language)
	})
	if err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of the requests could not be answered", bad)
	}
	return nil
}

var newline = []byte("\n")

// A batch is some lines of input and, once done is closed, what they are answered with.
type batch struct {
	input []byte
	ends  []int // where each line ends in input
	out   []byte
	bad   int
	done  chan struct{}
}

// batches are kept for their memory.
var batches = sync.Pool{New: func() any { return new(batch) }}

func newBatch() *batch {
	b := batches.Get().(*batch)
	*b = batch{input: b.input[:0], ends: b.ends[:0], out: b.out[:0], done: make(chan struct{})}
	return b
}

// A doer appends the answer to a line and says whether it is a good one.
type doer func(out, line []byte) ([]byte, bool)

// pump reads batches of lines, has each answered by one of the workers and writes the
// answers in order. It returns when the input ends, cannot be read, the output cannot
// be written or c is done; in the last two cases a read under way is left behind.
func pump(c *console, in io.Reader, out io.Writer, workers int, do doer) (bad int, err error) {
	stop := make(chan struct{})
	defer close(stop)
	work := make(chan *batch)
	queue := make(chan *batch, 2*workers) // in order of input; bounds what is in memory
	var readErr error
	go func() {
		defer close(queue)
		defer close(work)
		readErr = readBatches(in, func(b *batch) bool {
			select {
			case queue <- b:
			case <-stop:
				return false
			}
			select {
			case work <- b:
				return true
			case <-stop:
				return false
			}
		})
	}()
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for b := range work {
				b.answer(do)
			}
		})
	}
	for {
		var b *batch
		var more bool
		select {
		case b, more = <-queue:
		case <-c.Done():
			return bad, c.Err()
		}
		if !more {
			running.Wait()
			return bad, readErr
		}
		select {
		case <-b.done:
		case <-c.Done():
			return bad, c.Err()
		}
		if _, err := out.Write(b.out); err != nil {
			return bad, err
		}
		bad += b.bad
		batches.Put(b)
	}
}

// readBatches cuts the input into batches and gives each to yield, until that says
// false. A batch also ends where no more input is at hand, so that who sends one line
// and waits is answered.
func readBatches(in io.Reader, yield func(*batch) bool) error {
	r := bufio.NewReaderSize(in, batchBytes)
	for {
		b := newBatch()
		var err error
		for err == nil && !b.full() && (len(b.ends) == 0 || r.Buffered() > 0) {
			err = b.read(r)
		}
		if len(b.ends) > 0 && !yield(b) {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read requests: %w", err)
		}
	}
}

func (b *batch) full() bool { return len(b.input) >= batchBytes || len(b.ends) >= batchLines }

// read adds a line with its end, of one that is too long no more than tells so.
func (b *batch) read(r *bufio.Reader) error {
	start := len(b.input)
	for {
		part, err := r.ReadSlice('\n')
		part = part[:min(len(part), start+maxLine+2-len(b.input))]
		b.input = append(b.input, part...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(bytes.TrimSpace(b.input[start:])) == 0 {
			b.input = b.input[:start]
		} else {
			b.ends = append(b.ends, len(b.input))
		}
		return err
	}
}

// answer answers the batch's lines and says it is done.
func (b *batch) answer(do doer) {
	defer close(b.done)
	start := 0
	for _, end := range b.ends {
		var good bool
		if b.out, good = do(b.out, bytes.TrimSuffix(b.input[start:end], newline)); !good {
			b.bad++
		}
		b.out = append(b.out, newline...)
		start = end
	}
}

// answerLine appends the chart a line asks for, or the error.
func answerLine(out, line []byte, language fortunet.Language) ([]byte, bool) {
	if len(line) > maxLine {
		return appendError(out, fault.Coded(fault.TooLarge, fortunet.CodeTooLarge, "the line is over %d bytes", maxLine)), false
	}
	r, err := fortunet.DecodeChartRequest(line, language)
	if err != nil {
		return appendError(out, err), false
	}
	answer, err := fortunet.AppendChart(out, &r)
	if err != nil {
		return appendError(out, err), false
	}
	return answer, true
}

// appendError appends {"error": {code, message, field}}, field only where there is one.
func appendError(out []byte, err error) []byte {
	shown := fault.Public(err)
	var answer struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
			Field   string `json:"field,omitempty"`
		} `json:"error"`
	}
	answer.Error.Code, answer.Error.Message, answer.Error.Field = shown.Code, shown.Message, shown.Field
	raw, err := json.Marshal(answer)
	if err != nil {
		panic(err) // three strings always can be
	}
	return append(out, raw...)
}
