package draw

import "slices"

// spread moves places on a circle, degrees, so that each is at least so far from the
// next, as little in all as it can, and keeps their order: what stands too close makes
// a group about its own middle, groups that touch become one.
func spread(at []float64, apart float64) []float64 {
	n := len(at)
	if n < 2 {
		return slices.Clone(at)
	}
	apart = min(apart, 360/float64(n))
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if at[i] < at[j] {
			return -1
		}
		if at[i] > at[j] {
			return 1
		}
		return 0
	})
	// The circle is cut where it is emptiest, so that no group lies over the cut.
	cut, widest := 0, -1.0
	for k := range n {
		gap := at[order[k]] - at[order[(k+n-1)%n]]
		if k == 0 {
			gap += 360
		}
		if gap > widest {
			cut, widest = k, gap
		}
	}
	order = append(order[cut:len(order):len(order)], order[:cut]...)
	start := at[order[0]]
	groups := make([]cluster, 0, n)
	for k, i := range order {
		x := at[i] - start
		if x < 0 {
			x += 360
		}
		groups = append(groups, cluster{from: k, count: 1, sum: x})
		for len(groups) > 1 {
			a, b := &groups[len(groups)-2], groups[len(groups)-1]
			if a.first(apart)+float64(a.count)*apart <= b.first(apart) {
				break
			}
			// In b's own count its members are later by a's.
			a.sum += b.sum - float64(a.count*b.count)*apart
			a.count += b.count
			groups = groups[:len(groups)-1]
		}
	}
	out := make([]float64, n)
	for _, g := range groups {
		for k := range g.count {
			x := start + g.first(apart) + float64(k)*apart
			for x >= 360 {
				x -= 360
			}
			for x < 0 {
				x += 360
			}
			out[order[g.from+k]] = x
		}
	}
	return out
}

// A cluster is places in a row, each apart from the one before. sum is that of where
// they would be if each could stand where the first does.
type cluster struct {
	from, count int
	sum         float64
}

// first returns where the first place goes.
func (g *cluster) first(apart float64) float64 { return g.sum / float64(g.count) }
