package objects

import (
	"context"
	"encoding/json"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

const (
	maxActiveCharts = 50
	longestChartID  = 200 // bytes
)

// charts is an ordered set of chart keys and chart ids, newest last. It is a flat
// value, so that adding one encodes nothing.
type charts struct {
	n  int
	id [maxActiveCharts]string
}

// index returns where a chart stands, -1 for nowhere.
func (c *charts) index(id string) int {
	for i := c.n - 1; i >= 0; i-- {
		if c.id[i] == id {
			return i
		}
	}
	return -1
}

// remove takes the chart at i out.
func (c *charts) remove(i int) {
	copy(c.id[i:], c.id[i+1:c.n])
	c.n--
	c.id[c.n] = ""
}

// add puts a chart at the end; what is oldest makes room.
func (c *charts) add(id string) {
	if i := c.index(id); i >= 0 {
		c.remove(i)
	} else if c.n == maxActiveCharts {
		c.remove(0)
	}
	c.id[c.n] = id
	c.n++
}

// list returns the charts as a list that is never nil.
func (c *charts) list() []string { return append([]string{}, c.id[:c.n]...) }

// MarshalJSON writes the charts as a list.
func (c charts) MarshalJSON() ([]byte, error) { return json.Marshal(c.id[:c.n]) }

// UnmarshalJSON reads a list of charts, of which the newest are kept.
func (c *charts) UnmarshalJSON(raw []byte) error {
	var ids []string
	if err := json.Unmarshal(raw, &ids); err != nil {
		return err
	}
	*c = charts{}
	c.n = copy(c.id[:], ids[max(0, len(ids)-maxActiveCharts):])
	return nil
}

func (o *Session) activeCharts() []string {
	all := o.charts.Or(charts{})
	return all.list()
}

func (o *Session) addChart(_ context.Context, id string) (bool, error) {
	if err := checkChartID(id); err != nil {
		return false, err
	}
	if id == o.newest {
		return false, nil
	}
	all := o.charts.Or(charts{})
	isNew := all.index(id) < 0
	all.add(id)
	o.charts.SetRelaxed(all)
	o.newest = id
	o.chartsUpdated(&all)
	return isNew, nil
}

func (o *Session) removeChart(_ context.Context, id string) (bool, error) {
	all := o.charts.Or(charts{})
	i := all.index(id)
	if i < 0 {
		return false, nil
	}
	all.remove(i)
	o.charts.Set(all)
	o.newest = ""
	o.chartsUpdated(&all)
	return true, nil
}

func (o *Session) chartsUpdated(all *charts) {
	if len(o.s.Peers("")) > 0 {
		o.updated(sessionUpdate{ActiveCharts: all.list()})
	}
}

// checkChartID refuses what cannot be a chart's key or id.
func checkChartID(id string) error {
	if len(id) > longestChartID || !plainName(id) {
		return fault.Field("chartId", fortunet.CodeInvalidValue, "this is not a chart's key")
	}
	return nil
}
